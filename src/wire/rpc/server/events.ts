import type { UsherError } from '../../../sessions/errors.ts';
import type { SyntaxId } from '../pdus/syntax-id.ts';

/** call_id: by which a call is answered. */
export type CallId = number;

export type ServerEvent =
  /** To be answered by `respond` or `fault`. */
  | {
      readonly kind: 'called';
      readonly call: CallId;
      readonly interface: SyntaxId;
      readonly opnum: number;
      /** The parameters, in NDR. */
      readonly stub: Uint8Array;
    }
  /** The client asks for a call to be given up; it waits for an answer all the same. */
  | { readonly kind: 'cancel-asked'; readonly call: CallId }
  /** The client waits for a call no longer: an answer to it is not sent. */
  | { readonly kind: 'orphaned'; readonly call: CallId }
  /** What the client sent cannot be answered, or the connection is over. What is left to send says so to it. */
  | { readonly kind: 'closed'; readonly error: UsherError };
