import { milliseconds } from '../../sessions/duration.ts';
import type { Timers } from '../deadline.ts';

/** Time that passes when the test says so. */
export interface ManualTimers extends Timers {
  /** Runs what is due after this many milliseconds more. */
  pass(time: number): void;
  /** How many are waiting. */
  readonly pending: () => number;
}

export function manualTimers(): ManualTimers {
  let now = 0;
  let waiting: readonly { readonly due: number; readonly run: () => void }[] = [];
  return {
    after(delay, run) {
      const entry = { due: now + delay, run };
      waiting = [...waiting, entry];
      return {
        [Symbol.dispose]: () => {
          waiting = waiting.filter((one) => one !== entry);
        },
      };
    },
    pass(time) {
      now += milliseconds(time);
      // What is due at once begins when something else is.
      for (let due = waiting; due.length > 0; ) {
        due = waiting.filter((one) => one.due <= now);
        waiting = waiting.filter((one) => one.due > now);
        for (const { run } of due) run();
      }
    },
    pending: () => waiting.length,
  };
}
