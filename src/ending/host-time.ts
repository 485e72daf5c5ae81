import type { Clock } from './clock.ts';
import type { Moment } from './ladder/ladder.ts';

/**
 * A host's clock, as far from ours as it was at one reading. A ladder lives in its host's time, since inputs are told in
 * it: two clocks that differ must not make an old input a new one.
 */
export interface HostTime {
  now(): Moment;
  /** The same moment on our own clock. */
  ours(moment: Moment): Temporal.Instant;
}

export function hostTime(clock: Clock, readAt: Temporal.Instant): HostTime {
  const ahead = readAt.epochMilliseconds - clock.now().epochMilliseconds;
  return {
    now: () => clock.now().epochMilliseconds + ahead,
    ours: (moment) => Temporal.Instant.fromEpochMilliseconds(moment - ahead),
  };
}
