import type { Milliseconds } from '../../sessions/duration.ts';
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
