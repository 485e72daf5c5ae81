import type { Timers } from '../../fleet/deadline.ts';
import { readAt } from '../../sessions/testing/session.ts';

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes by itself: whenever nothing else happens it is as late as the next timer wants it. */
export class RunningClock implements Timers {
  #now: number;
  #alarms: Alarm[] = [];
  #going = false;

  constructor(start = readAt) {
    this.#now = start.epochMilliseconds;
  }

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.#now);
  }

  after(delay: number, run: () => void): Disposable {
    const alarm = { at: this.#now + delay, run };
    this.#alarms.push(alarm);
    this.#go();
    return {
      [Symbol.dispose]: () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm);
      },
    };
  }

  #go(): void {
    if (this.#going) return;
    this.#going = true;
    setImmediate(() => {
      this.#going = false;
      const next = this.#alarms.toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined) return;
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      this.#now = next.at;
      next.run();
      if (this.#alarms.length > 0) this.#go();
    });
  }
}
