import type { Milliseconds } from '../sessions/duration.ts';

/** The passing of time, as a parameter. */
export interface Clock {
  now(): Temporal.Instant;
  /** Runs the callback after the delay, unless the answer is disposed of before. */
  after(delay: Milliseconds, run: () => void): Disposable;
}
