import fc from 'fast-check';
import { expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { SteppedClock } from './stepped-clock.ts';

test('work is done at its own moment, in its order, and what is asked for meanwhile too', () => {
  const clock = new SteppedClock(0n);
  const done: [string, bigint][] = [];
  const at = (name: string) => () => done.push([name, clock.now()]);
  clock.after(milliseconds(20), at('late'));
  clock.after(milliseconds(10), () => {
    at('early')();
    clock.after(milliseconds(5), at('meanwhile'));
  });
  clock.after(milliseconds(10), at('beside'));
  clock.step(milliseconds(30));
  expect(done).toEqual([
    ['early', 100_000n],
    ['beside', 100_000n],
    ['meanwhile', 150_000n],
    ['late', 200_000n],
  ]);
  expect(clock.now()).toBe(300_000n);
});

test('what is disposed of is not done', () => {
  const clock = new SteppedClock(0n);
  let done = 0;
  clock.after(milliseconds(10), () => done++)[Symbol.dispose]();
  expect(clock.next).toBeNull();
  clock.step(milliseconds(10));
  expect(done).toBe(0);
});

test('any works are done in the order of their moments', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 200 }), (delays) => {
      const clock = new SteppedClock(0n);
      const done: number[] = [];
      for (const delay of delays) clock.after(milliseconds(delay), () => done.push(delay));
      clock.step(milliseconds(1000));
      expect(done).toEqual(delays.toSorted((one, other) => one - other));
    }),
  );
});

test('what is cancelled again and again does not pile up until its moment', () => {
  const clock = new SteppedClock(0n);
  const done: number[] = [];
  clock.after(milliseconds(2), () => done.push(2));
  clock.after(milliseconds(1), () => done.push(1));
  for (let round = 0; round < 10_000; round++) {
    clock.after(milliseconds(1_000_000 + round), () => done.push(round))[Symbol.dispose]();
  }
  expect(clock.held).toBeLessThan(1000);
  clock.step(milliseconds(10));
  expect(done).toEqual([1, 2]);
});
