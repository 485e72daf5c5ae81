import type { Host, HostUrl } from '../sessions/host.ts';
import type { SessionIdentity } from '../sessions/identity.ts';
import type { SessionProcess } from '../sessions/process.ts';
import type { Session } from '../sessions/session.ts';
import type { HostAdministration } from './administration.ts';
import type { ActReport, ActTarget, HostAct, Presence } from './act.ts';
import type { Credential } from './credential.ts';
import type { Finding } from './finding.ts';
import type { Message, MessageOutcome, MessageWatcher } from './message.ts';

/** Something a host could not or did not want to tell, and what that cost. */
export interface HostNote {
  /** Stable short name, such as `not-root`. */
  readonly code: string;
  /** One sentence for people, without a full stop. */
  readonly message: string;
  /** The columns that are missing or uncertain because of it, by their JSON names. */
  readonly columns: readonly string[];
  readonly hint: string | null;
}

/** One reading of one host. */
export interface HostReading {
  readonly host: string;
  /** The host's own clock at the reading. */
  readonly readAt: Temporal.Instant;
  /** When it started, by the same clock; null where the driver does not tell, or the account may not see it. */
  readonly bootedAt: Temporal.Instant | null;
  /**
   * Whether every session of the host is in `sessions`, each told for certain. Only a complete reading proves of any session
   * that it is gone; one with missing columns is still complete. Of one session alone {@link HostConnection.presence} tells.
   */
  readonly complete: boolean;
  /** Ids of sessions of earlier readings that are certain to have ended, also where the reading is not complete. */
  readonly gone?: ReadonlySet<number>;
  readonly sessions: readonly Session[];
  readonly notes: readonly HostNote[];
}

/** What a listing is for: a host may be asked for less then. */
export interface ListWanted {
  /** Whether rates are compared with those of another reading; they are where nothing is said. */
  readonly rates?: boolean;
}

/** One reading of the processes of one session. */
export interface ProcessReading {
  readonly readAt: Temporal.Instant;
  readonly complete: boolean;
  readonly processes: readonly SessionProcess[];
  readonly notes: readonly HostNote[];
}

/**
 * A kept connection to one host. Every method throws `UsherError`; after `connection_lost`, `timeout` or
 * `bad_answer` the connection is closed and a new one must be made.
 */
export interface HostConnection extends AsyncDisposable {
  readonly host: Host;
  /** Lists every session of the host. One network round trip on a kept connection. */
  list(signal: AbortSignal, wanted?: ListWanted): Promise<HostReading>;
  /** The processes of one session. Throws `session_changed` when the host has no session of this identity. */
  processes(session: SessionIdentity, signal: AbortSignal): Promise<ProcessReading>;
  /** A reading at once, and another whenever something changed, until the signal aborts. No new logon is made. */
  watch(signal: AbortSignal): AsyncIterable<HostReading>;
  /** Compares and acts. Throws `session_changed` (nothing was done), `not_allowed` or `access_denied`. */
  act(target: ActTarget, act: HostAct, signal: AbortSignal): Promise<ActReport>;
  /** Whether the session, or anything of it, is still there. */
  presence(target: ActTarget, signal: AbortSignal): Promise<Presence>;
  /**
   * Shows a message on the session's desktop until it is answered or its time is over; an abort takes it back. Throws
   * `session_changed` (nothing was shown) or `access_denied`.
   */
  message(target: ActTarget, message: Message, watcher: MessageWatcher, signal: AbortSignal): Promise<MessageOutcome>;
  /** What is done to the host itself; null where its kind knows no such thing. */
  readonly administration: HostAdministration | null;
}

/** How one kind of host is spoken to. */
export interface HostDriver {
  readonly schemes: readonly HostUrl['scheme'][];
  /** Throws `UsherError` with the host in it. */
  connect(host: Host, credential: Credential, signal: AbortSignal): Promise<HostConnection>;
  /**
   * Looks at everything on the way to a host and on it that could keep Usher from its work, in the order in which it is needed;
   * what cannot be reached because of an earlier finding is left out. Nothing is changed there. The logon is the finding whose
   * check is `logon`. Throws nothing but defects and the signal's reason.
   */
  examine(host: Host, credential: Credential, signal: AbortSignal): AsyncIterable<Finding>;
}
