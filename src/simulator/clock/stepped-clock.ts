import type { Milliseconds } from '../../sessions/duration.ts';
import { type SimulatedClock, ticksOf } from './simulated-clock.ts';

interface Due {
  readonly at: bigint;
  /** Works of one moment are done in the order in which they were asked for. */
  readonly order: number;
  readonly work: () => void;
  cancelled: boolean;
}

/** Time that goes on only when it is told to. What is due is done at its own moment, in its order. */
export class SteppedClock implements SimulatedClock {
  readonly #due = new Heap();
  #now: bigint;
  #asked = 0;

  constructor(start: bigint) {
    this.#now = start;
  }

  now(): bigint {
    return this.#now;
  }

  /** When the next work is due; null where none waits. */
  get next(): bigint | null {
    return this.#due.first()?.at ?? null;
  }

  after(delay: Milliseconds, work: () => void): Disposable {
    const due: Due = { at: this.#now + ticksOf(delay), order: this.#asked++, work, cancelled: false };
    this.#due.add(due);
    return {
      [Symbol.dispose]() {
        due.cancelled = true;
      },
    };
  }

  step(by: Milliseconds): void {
    this.stepTo(this.#now + ticksOf(by));
  }

  /** Never backwards. */
  stepTo(moment: bigint): void {
    for (let due = this.#due.first(); due !== null && due.at <= moment; due = this.#due.first()) {
      this.#due.takeFirst();
      if (due.at > this.#now) this.#now = due.at;
      due.work();
    }
    if (moment > this.#now) this.#now = moment;
  }
}

/** A binary heap of what is due, earliest first. What was cancelled is dropped when it comes up. */
class Heap {
  readonly #entries: Due[] = [];

  first(): Due | null {
    while (this.#entries[0]?.cancelled === true) this.takeFirst();
    return this.#entries[0] ?? null;
  }

  add(due: Due): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(due);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above];
      if (parent === undefined || !isBefore(due, parent)) break;
      entries[at] = parent;
      at = above;
    }
    entries[at] = due;
  }

  takeFirst(): void {
    const entries = this.#entries;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const left = entries[below];
      const right = entries[below + 1];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) below++;
      const child = entries[below];
      if (child === undefined || !isBefore(child, last)) break;
      entries[at] = child;
      at = below;
    }
    entries[at] = last;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
