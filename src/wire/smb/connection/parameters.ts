import type { Cipher, SigningAlgorithm } from '../keys/algorithms.ts';
import type { Dialect } from '../keys/dialects.ts';

/** How the user is authenticated (GSS-API): SPNEGO with NTLM or Kerberos in it. */
export interface SecurityMechanism {
  /**
   * Takes the server's token and gives the next one for it; null where there is nothing left to say. The first that it takes
   * is the token of the NEGOTIATE response, which may be empty. Throws `UsherError` where the server's token is not good.
   */
  next(token: Uint8Array): Uint8Array | null;
  /** The key of the authenticated context; null until it is established and the server has proven itself. */
  readonly sessionKey: Uint8Array | null;
}

/** What a connection is made with. It makes nothing up by itself. */
export interface ConnectionParameters {
  /** As the host is called in `\\server\IPC$`. */
  readonly serverName: string;
  readonly mechanism: SecurityMechanism;
  /** 16 random bytes, the same for every connection of this client. */
  readonly clientGuid: Uint8Array;
  /** 32 random bytes of this connection. */
  readonly salt: Uint8Array;
  /** Where the count begins that makes the nonces: random, of this connection. */
  readonly nonceStart: bigint;
  /** SessionId of a session that was cut off, for the server to end it. */
  readonly previousSessionId?: bigint;
  /** What is offered, best last for dialects and best first for the others; everything where nothing is said. */
  readonly dialects?: readonly Dialect[];
  readonly ciphers?: readonly Cipher[];
  readonly signingAlgorithms?: readonly SigningAlgorithm[];
}

/** What a server may do to a connection before it is closed. */
export const limits = {
  /** Bytes of one message. */
  message: 2 ** 20 + 2 ** 12,
  /** Bytes of one read or write. */
  payload: 2 ** 20,
  /** Requests that wait or are not answered. */
  requests: 256,
  /** STATUS_PENDING of one request. */
  pendings: 8,
  /** Answers until a logon is complete. */
  logonRounds: 8,
  /** STATUS_NETWORK_SESSION_EXPIRED of one request. */
  expiries: 3,
  /** Credits that are used, whatever is granted. */
  credits: 8192,
} as const;

/** How many credits a connection wants to have. */
export const wantedCredits = 512;
