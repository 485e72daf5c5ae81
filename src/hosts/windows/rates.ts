import type { HostFacts, ProcessFacts, SessionFacts, Traffic } from './facts.ts';
import { isMoment, secondsBetween } from './filetime.ts';

/** What two readings tell together. */
export interface Rates {
  readonly cpuPercent: number | null;
  readonly bytesInPerSecond: number | null;
  readonly bytesOutPerSecond: number | null;
}

const unknown: Rates = { cpuPercent: null, bytesInPerSecond: null, bytesOutPerSecond: null };
/** Over less than this a rate is noise, in seconds. */
const shortest = 0.5;
/** A second, in 100 ns. */
const second = 10_000_000;

/** What of a reading is kept for the rates of the next one: as little as it takes, since thousands of hosts may be watched. */
export interface Baseline {
  readonly now: bigint;
  readonly sessions: ReadonlyMap<number, Pick<SessionFacts, 'traffic'> & { readonly connected: bigint }>;
  readonly processors: ProcessorTimes | null;
}

/** The start and the processor time of each pid, one after the other; a Map of the same would take ten times the pids' memory. */
interface ProcessorTimes {
  /** Ascending. */
  readonly pids: Uint32Array;
  readonly times: BigInt64Array;
}

export function baselineOf({ now, sessions, processes }: HostFacts): Baseline {
  const kept = sessions.map(({ id, times, traffic }) => [id, { traffic, connected: times?.connected ?? 0n }] as const);
  return { now, sessions: new Map(kept), processors: processes === null ? null : processorTimesOf(processes) };
}

function processorTimesOf(processes: readonly ProcessFacts[]): ProcessorTimes {
  const pids = Uint32Array.from(processes, ({ pid }) => pid).sort();
  const times = new BigInt64Array(pids.length * 2);
  for (const { pid, createTime, cpuTime } of processes) {
    const index = lastPlace(pids, pid);
    times[index * 2] = createTime;
    times[index * 2 + 1] = cpuTime;
  }
  return { pids, times };
}

export function ratesOf(sessionId: number, facts: HostFacts, before: Baseline | null): Rates {
  if (before === null) return unknown;
  const elapsed = secondsBetween(before.now, facts.now);
  if (elapsed < shortest) return unknown;
  const was = before.sessions.get(sessionId);
  const is = facts.sessions.find(({ id }) => id === sessionId);
  const connected = is?.times?.connected ?? 0n;
  const isSameConnection = isMoment(connected, facts.now) && was?.connected === connected;
  const traffic = isSameConnection ? grown(was?.traffic ?? null, is?.traffic ?? null) : null;
  return {
    cpuPercent: cpuPercent(sessionId, before.processors, facts.processes, elapsed),
    bytesInPerSecond: traffic === null ? null : traffic.fromClient / elapsed,
    bytesOutPerSecond: traffic === null ? null : traffic.toClient / elapsed,
  };
}

function grown(was: Traffic | null, is: Traffic | null): Traffic | null {
  if (was === null || is === null) return null;
  return { fromClient: wrapped(is.fromClient - was.fromClient), toClient: wrapped(is.toClient - was.toClient) };
}

/** The counters have 32 bits, and begin anew after that. */
const wrapped = (difference: number): number => (difference < 0 ? difference + 2 ** 32 : difference);

function cpuPercent(
  sessionId: number,
  before: ProcessorTimes | null,
  now: readonly ProcessFacts[] | null,
  elapsed: number,
): number | null {
  if (before === null || now === null) return null;
  const used = now
    .filter(({ pid, sessionId: of }) => of === sessionId && pid !== idleProcess)
    .reduce((sum, process) => sum + Number(process.cpuTime - timeBefore(before, process)), 0);
  return Number(((Math.max(0, used) / second / elapsed) * 100).toFixed(1));
}

/** The processor time that this very process had used: none where it had not begun, or another had its pid. */
function timeBefore({ pids, times }: ProcessorTimes, { pid, createTime }: ProcessFacts): bigint {
  const index = lastPlace(pids, pid);
  return pids[index] === pid && times[index * 2] === createTime ? (times[index * 2 + 1] ?? 0n) : 0n;
}

/** Of the last one that is not greater, -1 where all are. */
function lastPlace(ascending: Uint32Array, pid: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((ascending[middle] as number) <= pid) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** Its processor time is the time that nothing else used. */
const idleProcess = 0;
