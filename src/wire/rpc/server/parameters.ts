import type { LogonSide } from '../../security/mechanism.ts';
import type { AuthType } from '../pdus/sec-trailer.ts';
import type { SyntaxId } from '../pdus/syntax-id.ts';

/** What a server is made with, for one connection. */
export interface RpcServerParameters {
  readonly interfaces: readonly SyntaxId[];
  /** An acceptor that has heard nothing yet; null where clients cannot log on so. */
  acceptor(type: AuthType): LogonSide | null;
  /** A number that is not zero, for a client that begins an association group. */
  readonly associationGroupId: number;
  /** Whether clients may call before they are answered; they may where nothing is said. */
  readonly multiplexes?: boolean;
  /** Whether the connection outlives an orphaned call; it does where nothing is said. */
  readonly keepsConnectionOnOrphan?: boolean;
  /** Bytes of the longest fragment, 1432 to 65535. */
  readonly longestFragment?: number;
  /** The pipe, as it is called in the answer to a bind. */
  readonly secondaryAddress?: string;
}
