import type { HostFacts, ProcessFacts, Traffic } from './facts.ts';
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

export function ratesOf(sessionId: number, facts: HostFacts, before: HostFacts | null): Rates {
  if (before === null) return unknown;
  const elapsed = secondsBetween(before.now, facts.now);
  if (elapsed < shortest) return unknown;
  const [was, is] = [before, facts].map(({ sessions }) => sessions.find(({ id }) => id === sessionId));
  const connected = is?.times?.connected ?? 0n;
  const isSameConnection = isMoment(connected, facts.now) && was?.times?.connected === connected;
  const traffic = isSameConnection ? grown(was?.traffic ?? null, is?.traffic ?? null) : null;
  return {
    cpuPercent: cpuPercent(sessionId, before.processes, facts.processes, elapsed),
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
  before: readonly ProcessFacts[] | null,
  now: readonly ProcessFacts[] | null,
  elapsed: number,
): number | null {
  if (before === null || now === null) return null;
  const had = new Map(before.map((process) => [nameOf(process), process.cpuTime]));
  const used = now
    .filter(({ pid, sessionId: of }) => of === sessionId && pid !== idleProcess)
    .reduce((sum, process) => sum + Number(process.cpuTime - (had.get(nameOf(process)) ?? 0n)), 0);
  return Number(((Math.max(0, used) / second / elapsed) * 100).toFixed(1));
}

/** Its processor time is the time that nothing else used. */
const idleProcess = 0;

const nameOf = ({ pid, createTime }: ProcessFacts): string => `${pid} ${createTime}`;
