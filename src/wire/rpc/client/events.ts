import type { UsherError } from '../../../sessions/errors.ts';
import type { SyntaxId } from '../pdus/syntax-id.ts';

/** call_id: by which an event is told to belong to a call. */
export type CallId = number;

/** What became of an interface that was asked for. */
export interface BoundInterface {
  readonly interface: SyntaxId;
  /** Why no call of it can be made; null where it is bound. */
  readonly refusal: UsherError | null;
}

/** What was agreed upon with a server. */
export interface Bound {
  /** In the order in which they were asked for. At least one is bound. */
  readonly interfaces: readonly BoundInterface[];
  /** Whether calls may be made before others are answered. Otherwise they are sent one by one, and wait here. */
  readonly multiplexed: boolean;
  /** Whether a call can be orphaned without ending the connection. */
  readonly keepsConnectionOnOrphan: boolean;
  /** For other connections that use the context handles of this one. */
  readonly associationGroupId: number;
  /** Bytes of the longest fragment that is sent. */
  readonly longestFragment: number;
}

export type RpcEvent =
  /** The logon is complete: what was called before is being sent. */
  | ({ readonly kind: 'bound' } & Bound)
  | { readonly kind: 'answered'; readonly call: CallId; readonly stub: Uint8Array }
  | ({ readonly kind: 'failed'; readonly call: CallId } & Failure)
  /** After `cancel` or `orphan`: whether the server has carried it out is not known. */
  | { readonly kind: 'cancelled'; readonly call: CallId }
  /** Nothing comes any more but `failed` of what is called after it. */
  | { readonly kind: 'closed'; readonly error: UsherError };

export interface Failure {
  readonly error: UsherError;
  /** The status of the server's fault; null where it did not answer. */
  readonly status: number | null;
  /** Whether the call is known not to have been carried out. */
  readonly didNotExecute: boolean;
}
