/** FILETIME counts 100 ns since the beginning of 1601, UTC ([MS-DTYP] 2.3.3). */
const unixEpoch = 116_444_736_000_000_000n;
const perMillisecond = 10_000n;

/**
 * Before this a FILETIME is a count of something else: hosts tell zero, or a few hours after the beginning of 1601, of what never
 * happened. Windows' own session services are younger (2000-01-01).
 */
const earliest = 125_911_584_000_000_000n;
/** How far a host's times may lie ahead of its own clock: a day, in 100 ns. */
const ahead = 864_000_000_000n;

/** Whether a FILETIME of a host tells a moment, by that host's own clock. */
export function isMoment(fileTime: bigint, now: bigint): boolean {
  return fileTime >= earliest && fileTime <= now + ahead;
}

export function instantOf(fileTime: bigint): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Number((fileTime - unixEpoch) / perMillisecond));
}

export function fileTimeOf(instant: Temporal.Instant): bigint {
  return BigInt(instant.epochMilliseconds) * perMillisecond + unixEpoch;
}

/** The moment that a host means, or null where it means none. */
export function momentOf(fileTime: bigint | null, now: bigint): Temporal.Instant | null {
  return fileTime !== null && isMoment(fileTime, now) ? instantOf(fileTime) : null;
}

/** From one FILETIME to another, in seconds; never negative. */
export function secondsBetween(from: bigint, to: bigint): number {
  return to <= from ? 0 : Number((to - from) / perMillisecond) / 1000;
}
