import type { UsherError } from '../../../sessions/errors.ts';
import type { Cipher, SigningAlgorithm } from '../keys/algorithms.ts';
import type { Dialect } from '../keys/dialects.ts';
import type { FileId } from '../messages/file-id.ts';

/** By which an event is told to belong to a request. */
export type Ticket = number;

/** What was agreed upon with a server. */
export interface Ready {
  readonly dialect: Dialect;
  /** Null where the server cannot encrypt: messages are signed then. */
  readonly cipher: Cipher | null;
  readonly signingAlgorithm: SigningAlgorithm;
  /** Bytes of one read, write or transceive at most. */
  readonly longestPayload: number;
  /** The host's clock when it answered the first time, a FILETIME; what is signed later does not prove it. */
  readonly systemTime: bigint;
  /** For PreviousSessionId of the next connection. */
  readonly sessionId: bigint;
}

export type SmbEvent =
  /** IPC$ is connected: what was asked before is being sent. */
  | ({ readonly kind: 'ready' } & Ready)
  | { readonly kind: 'opened'; readonly ticket: Ticket; readonly pipe: FileId }
  /** `more`: the message in the pipe is longer. Of a read or a transceive. */
  | { readonly kind: 'read'; readonly ticket: Ticket; readonly data: Uint8Array; readonly more: boolean }
  | { readonly kind: 'written'; readonly ticket: Ticket; readonly count: number }
  /** A pipe was closed, an instance of one is there, or an ECHO came back. */
  | { readonly kind: 'done'; readonly ticket: Ticket }
  | { readonly kind: 'cancelled'; readonly ticket: Ticket }
  /** `status`: the NTSTATUS that the server gave; null where the connection was closed. */
  | { readonly kind: 'failed'; readonly ticket: Ticket; readonly error: UsherError; readonly status: number | null }
  /** Nothing is sent until `reauthenticate` is called. Then what the server refused is sent again. */
  | { readonly kind: 'session-expired' }
  | { readonly kind: 'reauthenticated' }
  /** Nothing comes any more but `failed` of what is asked after it. Null after a logoff. */
  | { readonly kind: 'closed'; readonly error: UsherError | null };
