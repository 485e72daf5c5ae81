import type { Milliseconds } from '../../sessions/duration.ts';
import { type SimulatedClock, ticksOf } from './simulated-clock.ts';

interface Due {
  readonly at: bigint;
  /** Works of one moment are done in the order in which they were asked for. */
  readonly order: number;
  readonly work: () => void;
  state: 'waiting' | 'cancelled' | 'done';
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

  /** How much waits, with what was cancelled and is not dropped yet. */
  get held(): number {
    return this.#due.size;
  }

  /** When the next work is due; null where none waits. */
  get next(): bigint | null {
    return this.#due.first()?.at ?? null;
  }

  after(delay: Milliseconds, work: () => void): Disposable {
    const due: Due = { at: this.#now + ticksOf(delay), order: this.#asked++, work, state: 'waiting' };
    this.#due.add(due);
    return {
      [Symbol.dispose]: () => this.#due.cancel(due),
    };
  }

  step(by: Milliseconds): void {
    this.stepTo(this.#now + ticksOf(by));
  }

  /**
   * Never backwards. After each work that was due `isEnough` is asked whether to stop there; answers whether it came to the moment.
   */
  stepTo(moment: bigint, isEnough: () => boolean = () => false): boolean {
    for (let due = this.#due.first(); due !== null && due.at <= moment; due = this.#due.first()) {
      this.#due.takeFirst();
      if (due.at > this.#now) this.#now = due.at;
      due.work();
      if (isEnough()) return false;
    }
    if (moment > this.#now) this.#now = moment;
    return true;
  }
}

/** Fewer are not worth being gone through. */
const leastDropped = 256;

/** A binary heap of what is due, earliest first. What was cancelled is dropped when it comes up, or once half of all is. */
class Heap {
  #entries: Due[] = [];
  #cancelled = 0;

  get size(): number {
    return this.#entries.length;
  }

  cancel(due: Due): void {
    if (due.state !== 'waiting') return;
    due.state = 'cancelled';
    this.#cancelled++;
    if (this.#cancelled < leastDropped || this.#cancelled * 2 < this.#entries.length) return;
    const kept = this.#entries.filter(({ state }) => state === 'waiting');
    // In its order it is a heap, too.
    this.#entries = kept.toSorted((one, other) => (isBefore(one, other) ? -1 : 1));
    this.#cancelled = 0;
  }

  first(): Due | null {
    while (this.#entries[0]?.state === 'cancelled') this.takeFirst();
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
    const [first] = entries;
    if (first?.state === 'cancelled') this.#cancelled--;
    else if (first !== undefined) first.state = 'done';
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
