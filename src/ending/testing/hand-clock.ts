import type { Milliseconds } from '../../sessions/duration.ts';
import type { Clock } from '../clock.ts';

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that is moved by hand. */
export class HandClock implements Clock {
  #now: number;
  #alarms: Alarm[] = [];

  constructor(start: Temporal.Instant) {
    this.#now = start.epochMilliseconds;
  }

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.#now);
  }

  after(delay: Milliseconds, run: () => void): Disposable {
    const alarm = { at: this.#now + delay, run };
    this.#alarms.push(alarm);
    return {
      [Symbol.dispose]: () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm);
      },
    };
  }

  /** Lets time pass, alarm by alarm, and lets what each brings about come to rest. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (;;) {
      const next = this.#alarms.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      this.#now = next.at;
      next.run();
      await settled();
    }
    this.#now = end;
  }
}

/** Everything that waits for nothing but other promises has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
