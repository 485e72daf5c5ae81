import { expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { DrivenClock } from './driven-clock.ts';

const start = 133_000_000_000_000_000n;
const ticks = (count: number): bigint => BigInt(count) * 10_000n;

/** Real time as the test wants it: timers ring when they are told to. */
class Drive {
  time = 500;
  readonly waits: number[] = [];
  readonly #timers = new Set<{ readonly at: number; readonly work: () => void }>();

  readonly elapsed = (): number => this.time;

  readonly after = (delay: number, work: () => void): Disposable => {
    this.waits.push(delay);
    const timer = { at: this.time + delay, work };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time go by, and rings late by that much; what is set meanwhile rings the next time. */
  pass(by: number): void {
    this.time += by;
    const ringing = [...this.#timers].filter(({ at }) => at <= this.time);
    for (const timer of ringing) {
      this.#timers.delete(timer);
      timer.work();
    }
  }
}

const aClock = (speed = 1) => {
  const drive = new Drive();
  return { drive, clock: new DrivenClock(start, speed, drive) };
};

test('time stands until it runs, however long that takes', () => {
  const { drive, clock } = aClock();
  clock.after(milliseconds(10), () => undefined);
  drive.pass(5000);
  expect([clock.now(), drive.pending]).toEqual([start, 0]);
  clock.run();
  drive.pass(7);
  expect(clock.now()).toBe(start + ticks(7));
});

test('it goes by as fast as it should', () => {
  const { drive, clock } = aClock(60);
  clock.run();
  drive.pass(1000);
  expect(clock.now()).toBe(start + ticks(60_000));
  clock.after(milliseconds(60_000), () => undefined);
  expect(drive.waits).toEqual([1000]);
});

test('what is due is done at its own moment, in its order, though the timer is late', () => {
  const { drive, clock } = aClock();
  const done: (readonly [string, bigint])[] = [];
  clock.after(milliseconds(30), () => done.push(['late', clock.now() - start]));
  clock.after(milliseconds(10), () => {
    done.push(['early', clock.now() - start]);
    clock.after(milliseconds(5), () => done.push(['next', clock.now() - start]));
  });
  clock.run();
  drive.pass(100);
  expect(done).toEqual([
    ['early', ticks(10)],
    ['next', ticks(15)],
    ['late', ticks(30)],
  ]);
});

test('one timer waits, for what is due first', () => {
  const { drive, clock } = aClock();
  clock.run();
  clock.after(milliseconds(1000), () => undefined);
  clock.after(milliseconds(2000), () => undefined);
  clock.after(milliseconds(500), () => undefined);
  expect([drive.pending, drive.waits]).toEqual([1, [1000, 500]]);
});

test('nothing is done after its end', () => {
  const { drive, clock } = aClock();
  let isDone = false;
  clock.after(milliseconds(10), () => void (isDone = true));
  clock.run();
  clock[Symbol.dispose]();
  drive.pass(100);
  expect([isDone, drive.pending]).toEqual([false, 0]);
});

test('where more is due than can be done, others have their turn, and time goes by more slowly but never back', () => {
  const { drive, clock } = aClock(1000);
  const done: bigint[] = [];
  const work = (): void => {
    done.push(clock.now());
    drive.time += 20;
    clock.after(milliseconds(1), work);
  };
  clock.after(milliseconds(1), work);
  clock.run();
  drive.pass(1);
  expect(done).toEqual([1, 2, 3].map((at) => start + ticks(at)));
  const told = clock.now();
  expect(drive.pending).toBe(1);
  drive.pass(1);
  expect(done.slice(3)).toEqual([4, 5, 6].map((at) => start + ticks(at)));
  expect(clock.now() >= told).toBe(true);
});
