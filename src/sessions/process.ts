import type { Seconds } from './duration.ts';

/**
 * What a process does in its session. `leader`, `system` and `critical` are not the user's own; a critical one (csrss, smss,
 * wininit, lsass, services) takes the host down with it.
 */
export type ProcessRole = 'leader' | 'critical' | 'x-server' | 'channel-server' | 'window-manager' | 'system' | 'user';

/** One process of a session. */
export interface SessionProcess {
  readonly pid: number;
  readonly parentPid: number | null;
  /** The program's short name. */
  readonly name: string;
  /** The command line, arguments joined by spaces; null where the host does not tell. */
  readonly command: string | null;
  readonly user: string | null;
  readonly startedAt: Temporal.Instant | null;
  /** Linux: start in clock ticks since boot. Windows: creation FILETIME. In decimal; with the pid it names the process. */
  readonly start: string;
  /** `running`, `sleeping`, `stopped`, `zombie` … as the host names it; null where it does not. */
  readonly state: string | null;
  /** Processor time used so far. */
  readonly cpuTime: Seconds | null;
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  readonly role: ProcessRole;
}
