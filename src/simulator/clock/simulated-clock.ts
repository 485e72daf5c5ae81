import type { Milliseconds } from '../../sessions/duration.ts';

/** Time as simulated hosts see it: real, faster, or stepped by a test. */
export interface SimulatedClock {
  /** A FILETIME: 100 ns since the beginning of 1601, UTC ([MS-DTYP] 2.3.3). */
  now(): bigint;
  /** Does the work when so much simulated time has gone by, unless it is disposed of before. */
  after(delay: Milliseconds, work: () => void): Disposable;
}

/** FILETIME ticks in a millisecond. */
export const ticksPerMillisecond = 10_000n;

const unixEpoch = 116_444_736_000_000_000n;

export function fileTimeOf(instant: Temporal.Instant): bigint {
  return BigInt(instant.epochMilliseconds) * ticksPerMillisecond + unixEpoch;
}

export function instantOf(fileTime: bigint): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Number((fileTime - unixEpoch) / ticksPerMillisecond));
}

export function ticksOf(duration: Milliseconds): bigint {
  return BigInt(Math.round(duration * 10_000));
}
