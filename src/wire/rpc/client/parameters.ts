import type { LogonInitiator } from '../../security/mechanism.ts';
import type { AuthLevel, AuthType } from '../pdus/sec-trailer.ts';
import type { SyntaxId } from '../pdus/syntax-id.ts';

/** Who logs on to RPC, and how calls are protected then. */
export interface ClientSecurity {
  /** What the initiator speaks. */
  readonly type: AuthType;
  /** It has said nothing yet. */
  readonly initiator: LogonInitiator;
  /** Privacy where nothing is said. */
  readonly level?: AuthLevel;
}

/** What a connection is made with. */
export interface RpcClientParameters {
  /** All that will be called on this connection, by one bind. */
  readonly interfaces: readonly SyntaxId[];
  /** Null where whoever carries the PDUs protects them. */
  readonly security: ClientSecurity | null;
  /** Of an association group that there is already; zero for a new one. */
  readonly associationGroupId?: number;
  /** Bytes of the longest fragment that is offered, 1432 to 65535; 5840 where nothing is said. */
  readonly longestFragment?: number;
}
