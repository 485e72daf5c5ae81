import type { SecurityContext } from './context.ts';

/** What one token of the peer leads to. */
export interface MechanismStep {
  /** What is sent to the peer; null where there is nothing more to say. */
  readonly token: Uint8Array | null;
  /** The finished logon; null while the peer has to answer. */
  readonly context: SecurityContext | null;
}

/** One side of a logon by one mechanism, such as NTLM or Kerberos. It serves one logon and throws `UsherError`. */
export interface MechanismExchange {
  /** Its object identifier, dotted. */
  readonly mechType: string;
  step(token: Uint8Array): MechanismStep;
  /**
   * The MIC by which SPNEGO proves its list of mechanisms, once the context is finished. The context's first message is then
   * signed as the mechanism wants it after that.
   */
  signMechTypes(mechTypes: Uint8Array): Uint8Array;
  /** Throws `UsherError` `bad_answer` where the MIC is another one. */
  verifyMechTypes(mechTypes: Uint8Array, mic: Uint8Array): void;
}

/** The side that begins. */
export interface SecurityMechanism extends MechanismExchange {
  /** The first token. */
  start(): Uint8Array;
}
