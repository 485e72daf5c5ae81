import type { SecurityContext } from './context.ts';

/** What one token of the peer leads to. */
export interface LogonStep {
  /** What is sent to the peer; null where there is nothing more to say. */
  readonly token: Uint8Array | null;
  /** The finished logon; null while the peer has to answer. */
  readonly context: SecurityContext | null;
}

/** One side of a logon, which serves once and throws `UsherError`: SPNEGO, or a mechanism alone. */
export interface LogonSide {
  step(token: Uint8Array): LogonStep;
}

/** The side that begins. */
export interface LogonInitiator extends LogonSide {
  /**
   * The first token. The hint is what the acceptor told before, as a server does in SMB2 NEGOTIATE: it may be empty, and nothing
   * proves it.
   */
  start(hint?: Uint8Array): Uint8Array;
}

/** One side of a logon by one mechanism, such as NTLM or Kerberos. */
export interface MechanismExchange extends LogonSide {
  /** Its object identifier, dotted. */
  readonly mechType: string;
  /**
   * The MIC by which SPNEGO proves its list of mechanisms, once the context is finished. The context's first message is then
   * signed as the mechanism wants it after that.
   */
  signMechTypes(mechTypes: Uint8Array): Uint8Array;
  /** Throws `UsherError` `bad_answer` where the MIC is another one. */
  verifyMechTypes(mechTypes: Uint8Array, mic: Uint8Array): void;
}

/** A mechanism on the side that begins. */
export interface SecurityMechanism extends MechanismExchange, LogonInitiator {}
