import type { LogonInitiator } from '../../security/mechanism.ts';
import type { Cipher, SigningAlgorithm } from '../keys/algorithms.ts';
import type { Dialect } from '../keys/dialects.ts';

/** What a connection is made with. It makes nothing up by itself. */
export interface ConnectionParameters {
  /** As the host is called in `\\server\IPC$`. */
  readonly serverName: string;
  /** How the user is authenticated: SPNEGO with NTLM or Kerberos in it, which has said nothing yet. */
  readonly initiator: LogonInitiator;
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
  requests: 2048,
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
