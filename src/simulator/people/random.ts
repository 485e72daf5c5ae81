/**
 * Chance that is the same for the same seed, everywhere and always: a counter whose every value is stirred by the finalizer of MurmurHash3
 * (fmix32). For made-up people, never for keys.
 */
export class Chance {
  #counter: number;

  /** Of several seeds, such as a number of an estate and a host's place in it. */
  constructor(...seeds: readonly number[]) {
    this.#counter = seeds.reduce((state, seed) => stirred((state ^ stirred(seed | 0)) + goldenRatio), 0);
  }

  /** Another one that goes its own way, whatever is asked of this one later. */
  branch(): Chance {
    return new Chance(this.#next());
  }

  /** From 0 on, below 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** From `least` on, below `most`. */
  between(least: number, most: number): number {
    return least + this.fraction() * (most - least);
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** Whether something happens that happens so often: 0 never, 1 always. */
  hits(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Times between what happens at random, such as calls: many short, few long, but none longer than eight times the mean. */
  around(mean: number): number {
    return Math.min(8 * mean, -mean * Math.log(1 - this.fraction()));
  }

  one<T>(all: readonly [T, ...T[]]): T {
    return all[this.below(all.length)] ?? all[0];
  }

  /** One of those that have a weight each. */
  weighted<T>(all: readonly [Weighted<T>, ...Weighted<T>[]]): T {
    let left = this.fraction() * all.reduce((sum, { weight }) => sum + weight, 0);
    for (const { weight, what } of all) {
      left -= weight;
      if (left < 0) return what;
    }
    return all[0].what;
  }

  #next(): number {
    this.#counter = (this.#counter + goldenRatio) | 0;
    return stirred(this.#counter) >>> 0;
  }
}

export interface Weighted<T> {
  readonly weight: number;
  readonly what: T;
}

/** 2^32 by the golden ratio: steps of it visit all numbers, and near ones late. */
const goldenRatio = 0x9e3779b9;

function stirred(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
