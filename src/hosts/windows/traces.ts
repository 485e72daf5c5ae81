import { keyOf, type SessionIdentity } from '../../sessions/identity.ts';
import type { ActTarget } from '../act.ts';
import type { ProcessFacts } from './facts.ts';
import { winlogonOf } from './processes.ts';

/** The mark of a session's winlogon.exe among its traces. */
const mark = 'winlogon:';

const nameOf = ({ pid, createTime }: ProcessFacts): string => `${pid}:${createTime}`;

/** What a session is known by when its logon has ended: each of its processes as `pid:start`, its winlogon.exe marked. */
export function tracesOf(processes: readonly ProcessFacts[], sessionId: number): readonly string[] {
  const own = processes.filter((process) => process.sessionId === sessionId);
  const winlogon = winlogonOf(own);
  return own.map((process) => (process === winlogon ? mark + nameOf(process) : nameOf(process)));
}

/** Whether a process is one of the traces: the same pid and start. */
export function isTraced(traces: readonly string[], process: ProcessFacts): boolean {
  const name = nameOf(process);
  return traces.includes(name) || traces.includes(mark + name);
}

/** The winlogon.exe among the traces; null where there is none. */
export function tracedWinlogon(traces: readonly string[]): { readonly pid: number; readonly start: string } | null {
  const [, pid, start] =
    /^(\d+):(\d+)$/.exec(traces.find((trace) => trace.startsWith(mark))?.slice(mark.length) ?? '') ?? [];
  return pid === undefined || start === undefined ? null : { pid: Number(pid), start };
}

/** How many sessions of a connection are remembered. */
const most = 1000;

/**
 * What ran in the sessions that a connection was asked about, for who asks again and was not told. The oldest are forgotten beyond
 * 1,000.
 */
export class SeenTraces {
  readonly #traces = new Map<string, readonly string[]>();

  note(identity: SessionIdentity, traces: readonly string[]): void {
    if (traces.length === 0) return;
    const key = keyOf(identity);
    this.#traces.delete(key);
    this.#traces.set(key, traces);
    for (const oldest of this.#traces.keys()) {
      if (this.#traces.size <= most) break;
      this.#traces.delete(oldest);
    }
  }

  /** The target with what is known of it here, where it brings nothing itself. */
  told(target: ActTarget): ActTarget {
    return target.traces.length > 0 ? target : { ...target, traces: this.#traces.get(keyOf(target.identity)) ?? [] };
  }
}
