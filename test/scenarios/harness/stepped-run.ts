import type { Milliseconds } from '../../../src/sessions/duration.ts';
import { ticksOf } from '../../../src/simulator/clock/simulated-clock.ts';
import type { SteppedClock } from '../../../src/simulator/clock/stepped-clock.ts';

/** Everything that waits for nothing but promises and streams has happened. */
const atRest = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Lets time pass, from one thing that is due to the next, until the work is over. Throws where it takes longer than it may. */
export async function finished<T>(clock: SteppedClock, work: Promise<T>, within: Milliseconds): Promise<T> {
  const latest = clock.now() + ticksOf(within);
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  work.then(over, over);
  for (;;) {
    await atRest();
    if (isOver) return await work;
    const { next } = clock;
    if (next === null) throw new Error('it waits for something that never comes');
    if (next > latest) throw new Error(`it is not over within ${within / 1000} s`);
    clock.stepTo(next);
  }
}
