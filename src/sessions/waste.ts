import type { Seconds } from './duration.ts';
import type { Session } from './session.ts';

/** Whether a session holds what it holds for nobody: no client is connected, or its user gave no input for longer than this. */
export function isWasted({ state, idleFor }: Session, idleOver: Seconds): boolean {
  return state === 'disconnected' || (idleFor !== null && idleFor > idleOver);
}

/** A sum over sessions of which some may not have told. */
export interface KnownSum {
  /** Null where none told. */
  readonly sum: number | null;
  /** How many did not tell. */
  readonly untold: number;
}

/** What sessions hold of a host. */
export interface Held {
  readonly sessions: number;
  readonly disconnected: number;
  readonly memoryBytes: KnownSum;
  /** 100 is one core kept busy. */
  readonly cpuPercent: KnownSum;
  /** Both ways. */
  readonly bytesPerSecond: KnownSum;
}

export function heldBy(sessions: readonly Session[]): Held {
  return {
    sessions: sessions.length,
    disconnected: sessions.filter(({ state }) => state === 'disconnected').length,
    memoryBytes: sumOf(sessions.map(({ memoryBytes }) => memoryBytes)),
    cpuPercent: sumOf(sessions.map(({ cpuPercent }) => cpuPercent)),
    bytesPerSecond: sumOf(sessions.map(trafficOf)),
  };
}

/** A disconnected session has no client to exchange bytes with. */
function trafficOf({ state, bytesInPerSecond, bytesOutPerSecond }: Session): number | null {
  if (state === 'disconnected') return 0;
  return bytesInPerSecond === null || bytesOutPerSecond === null ? null : bytesInPerSecond + bytesOutPerSecond;
}

function sumOf(values: readonly (number | null)[]): KnownSum {
  const known = values.filter((value) => value !== null);
  return {
    sum: known.length === 0 && values.length > 0 ? null : known.reduce((sum, value) => sum + value, 0),
    untold: values.length - known.length,
  };
}
