import { milliseconds } from '../sessions/duration.ts';
import type { Timers } from './deadline.ts';

const closingLimit = milliseconds(2000);

/** Connections on their way to be closed. A host that does not let go is not waited for longer than the limit. */
export class Closings {
  readonly #timers: Timers;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  add(closing: PromiseLike<unknown>): void {
    const settled: Promise<unknown> = Promise.resolve(closing)
      .catch(() => undefined)
      .finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  async done(): Promise<void> {
    if (this.#pending.size === 0) return;
    const limit = Promise.withResolvers<void>();
    using _timer = this.#timers.after(closingLimit, limit.resolve);
    await Promise.race([Promise.all(this.#pending), limit.promise]);
  }
}
