import type { ActReason } from '../sessions/allowed-actions.ts';
import type { SessionIdentity } from '../sessions/identity.ts';
import type { SessionProcess } from '../sessions/process.ts';
import type { Session } from '../sessions/session.ts';

/**
 * The session that an act means. Comparing and acting is one step on the host: is it another session by now, or is the
 * reason gone (its state changed, its user came back), then nothing is done and `session_changed` is thrown.
 */
export interface ActTarget {
  readonly identity: SessionIdentity;
  /** {@link Session.id}; it finds the session, and what is left of it, but never identifies it. */
  readonly id: number;
  /** What the decision was made on; null where it was made on nothing but the session itself. */
  readonly reason: ActReason | null;
  /**
   * What the last reading saw of it, in the driver's own words ({@link Presence} `there`). It finds what the session left
   * behind over a connection that has not seen the session. Empty where nothing is known.
   */
  readonly traces: readonly string[];
}

/** What a driver does to a session on the host itself. */
export type HostAct =
  | { readonly act: 'disconnect' | 'logoff' | 'reset' | 'kill-logon' | 'kill-all' }
  /** The client of `to` shows the target from now on, as tscon has it. `to` is compared too. */
  | { readonly act: 'connect'; readonly to: ActTarget }
  /** `start` is {@link SessionProcess.start}: with the pid it names the process. */
  | { readonly act: 'kill-process'; readonly pid: number; readonly start: string };

/** What was done. It says nothing about what came of it: that is read again. */
export interface ActReport {
  /** For people, one line each: `SIGTERM to Xorg 148`, `xfce4-session-logout in alice's session`. */
  readonly did: readonly string[];
}

/** Whether a session is still there. Only `gone` proves an end: a complete, successful enumeration without it. */
export type Presence =
  | {
      readonly kind: 'there';
      readonly readAt: Temporal.Instant;
      readonly session: Session;
      readonly traces: readonly string[];
    }
  /** The session itself has ended, but these processes of it are left. */
  | { readonly kind: 'remains'; readonly readAt: Temporal.Instant; readonly processes: readonly SessionProcess[] }
  | { readonly kind: 'gone'; readonly readAt: Temporal.Instant }
  /** The host answered but could not see everything, or nothing is known of what ran in the session. */
  | { readonly kind: 'unknown'; readonly readAt: Temporal.Instant; readonly why: string };
