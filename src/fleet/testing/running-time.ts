import { type Milliseconds, milliseconds } from '../../sessions/duration.ts';
import type { Timers } from '../deadline.ts';
import type { Machine } from '../machine.ts';

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes by itself: whenever nothing else happens it is as late as the next timer wants it. */
export class RunningTime implements Timers, Machine {
  #now = 0;
  #going = false;
  readonly #alarms = new Set<Alarm>();

  now(): Milliseconds {
    return milliseconds(this.#now);
  }

  busy(): number | null {
    return null;
  }

  atWork(): Milliseconds {
    return milliseconds(0);
  }

  /** How many timers are waiting. */
  get pending(): number {
    return this.#alarms.size;
  }

  after(delay: Milliseconds, run: () => void): Disposable {
    const alarm = { at: this.#now + delay, run };
    this.#alarms.add(alarm);
    this.#go();
    return { [Symbol.dispose]: () => void this.#alarms.delete(alarm) };
  }

  /** Settles when so much time is over. */
  async passed(delay: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    this.after(milliseconds(delay), over.resolve);
    await over.promise;
  }

  #go(): void {
    if (this.#going) return;
    this.#going = true;
    setImmediate(() => {
      this.#going = false;
      let next: Alarm | null = null;
      for (const alarm of this.#alarms) if (next === null || alarm.at < next.at) next = alarm;
      if (next === null) return;
      this.#alarms.delete(next);
      this.#now = next.at;
      next.run();
      if (this.#alarms.size > 0) this.#go();
    });
  }
}
