import type { Milliseconds } from '../../sessions/duration.ts';
import type { SmbServerParameters } from '../../wire/smb/server/parameters.ts';
import type { Attempt, Verdict } from '../world/act.ts';
import type { Account } from '../world/account.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { LedgerEntry } from '../world/ledger.ts';
import type { MessageBox } from '../world/message-box.ts';
import type { SimulatedSession } from '../world/session.ts';

/** A call that has come over a pipe. */
export interface IncomingCall {
  /** `TermSrvSession`. */
  readonly interface: string;
  /** `RpcLogoff`. */
  readonly name: string;
  /** The session that it is about, where it is about one. */
  readonly session: SimulatedSession | null;
  readonly account: Account;
}

/** What becomes of a call otherwise than that it is answered. */
export type CallFate =
  | { readonly kind: 'late'; readonly by: Milliseconds }
  | { readonly kind: 'never' }
  /** A fault of RPC, by its status. */
  | { readonly kind: 'fault'; readonly status: number };

/** A message that is about to leave a host. */
export interface Departure {
  /** A PDU of a pipe, or a frame of the connection with all that it carries. */
  readonly level: 'rpc' | 'smb';
  readonly bytes: Uint8Array;
  /** The call whose answer it is, or a fragment of it; null where it is something else, as every frame. */
  readonly call: IncomingCall | null;
  /** Whether it begins, and whether it ends, that answer. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** The connection that it leaves by: of a PDU the same as of the frame that will carry it. */
  readonly link: object;
}

/** What becomes of such a message otherwise than that it leaves as it is. */
export interface Passage {
  /** What leaves in its place; null: nothing. */
  readonly instead: Uint8Array | null;
  /** What comes after it: nothing ever again, or the end of the pipe or the connection. */
  readonly after: 'go-on' | 'fall-silent' | 'hang-up';
}

/** What a host's SMB server does otherwise than that of Windows Server. */
export type SmbHabits = Pick<SmbServerParameters, 'credits' | 'parkedRequests' | 'transceives'>;

/** What a session's times are, as FILETIMEs. */
export type SessionTimes = Pick<SimulatedSession, 'loggedOnAt' | 'connectedAt' | 'disconnectedAt' | 'lastInputAt'>;

/**
 * One way in which a host, or one of its sessions, is not as it should be. Of several behaviours those of the session are asked
 * first, then those of the host, in their order; null leaves it to the next.
 */
export interface Behaviour {
  readonly name: string;
  /** Told once that it is a host's from now on. A session's is not told. */
  begins?(host: SimulatedHost): void;
  /** Asked before every act. */
  stands?(attempt: Attempt, host: SimulatedHost): Verdict | null;
  /** Told of everything that happened. Of a session's behaviours: of what happened to that session. */
  happened?(entry: LedgerEntry, host: SimulatedHost): void;
  /** The rights that an account has with a session, out of those that it should have. */
  rights?(granted: number, account: Account, session: SimulatedSession | null): number;
  /** When a session is said to have begun and so on, in place of when it did. */
  times?(told: SessionTimes, session: SimulatedSession, host: SimulatedHost): SessionTimes;
  /** Whether it takes a message box on itself; the user answers it by the box's own `end`. */
  boxShown?(box: MessageBox, host: SimulatedHost): boolean;
  /** Asked before every call over a pipe. */
  call?(call: IncomingCall, host: SimulatedHost): CallFate | null;
  /** Asked before a message leaves: of a session's behaviours, where it is of a call about the session. */
  sending?(departure: Departure, host: SimulatedHost): Passage | null;
  /** Of several, the first that says something about a habit is heard. */
  readonly smb?: SmbHabits;
  /** Asked when a pipe is opened: false, and it is not there. */
  hasPipe?(name: string): boolean | null;
}

/** A behaviour as it is offered: by name, with what can be said to it. */
export interface BehaviourKind {
  readonly name: string;
  /** One line for `--help`, without a full stop. */
  readonly summary: string;
  /** Whether it can be a whole host's, a session's, or both. */
  readonly of: readonly ('host' | 'session')[];
  /** A new one. Throws `UsherError` `usage` where the settings are not to be understood. */
  make(settings: BehaviourSettings): Behaviour;
}

/** What follows a behaviour's name, such as `{ right: 'logoff' }`. */
export type BehaviourSettings = Readonly<Record<string, string>>;
