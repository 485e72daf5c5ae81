import { describe, expect, test } from 'vitest';
import { milliseconds } from '../sessions/duration.ts';
import { beginning, beginPace, fewest, overdueAfter, type Pace, paceAfter, type VisitEnd } from './pace.ts';

const answered = (took: number, more: { busy?: number | null; isFull?: boolean } = {}): VisitEnd => ({
  kind: 'answered',
  took: milliseconds(took),
  isFull: true,
  busy: null,
  ...more,
});
const after = (pace: Pace, count: number, end: VisitEnd): Pace =>
  Array.from({ length: count }, () => end).reduce(paceAfter, pace);

const overdue: VisitEnd = { kind: 'overdue' };
const begun = beginPace(256);
/** Hosts have answered. */
const known = after(begun, 4, answered(100, { isFull: false }));

test('it begins moderately, and with no more than the most', () => {
  expect([begun.limit, beginPace(3).limit]).toEqual([beginning, 3]);
});

describe('it grows', () => {
  test('with every answer as quick as the others, up to the most', () => {
    expect([after(begun, 32, answered(100)).limit, after(begun, 1000, answered(100)).limit]).toEqual([
      beginning + 32,
      256,
    ]);
  });

  test('not while there is room to spare', () => {
    expect(after(begun, 100, answered(100, { isFull: false })).limit).toBe(beginning);
  });

  test('not while the process is busy all the time', () => {
    expect(after(begun, 100, answered(100, { busy: 0.95 })).limit).toBe(beginning);
  });

  test('not while answers take twice as long as they use to', () => {
    const settled = after(begun, 10, answered(100, { isFull: false }));
    expect(after(settled, 20, answered(290)).limit).toBeLessThan(after(settled, 20, answered(110)).limit);
  });

  test('by one a round once it was too much', () => {
    const lowered = paceAfter({ ...begun, limit: 40 }, { kind: 'starved', open: 200 });
    expect([lowered.limit, after(lowered, 40, answered(100)).limit]).toEqual([40, 41]);
  });
});

describe('it shrinks', () => {
  test('where answers take three times as long as they use to, once in a round', () => {
    const settled = after(begun, 10, answered(100, { isFull: false }));
    const slow = after(settled, 32, answered(1000));
    expect(slow.limit).toBeLessThan(after(settled, 4, answered(1000)).limit);
    expect(after(slow, 2, answered(1000)).limit).toBe(slow.limit);
  });

  test('where most hosts of a round fall silent, but not where a third does', () => {
    const third = Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? overdue : answered(100)));
    expect(third.reduce(paceAfter, begun).limit).toBeGreaterThan(beginning);
    expect(after(known, beginning / 2 + 1, overdue).limit).toBe(beginning * 0.75);
  });

  test('not where no host has answered yet: all of them may take their time', () => {
    expect(after(begun, 100, overdue).limit).toBe(beginning);
  });

  test('to half of what is open where the machine has no more sockets, for good', () => {
    const starved = paceAfter({ ...begun, limit: 200 }, { kind: 'starved', open: 100 });
    expect([starved.limit, after(starved, 1000, answered(100)).limit]).toEqual([50, 50]);
  });

  test('never below a few', () => {
    expect(after(known, 1000, overdue).limit).toBe(fewest);
    expect(after(begun, 20, { kind: 'starved', open: 1 }).limit).toBe(fewest);
  });
});

describe('a host is overdue', () => {
  test('after a while that does not depend on others before any has answered', () => {
    expect(overdueAfter(begun)).toBe(3000);
  });

  test('after several times what others take, but not before a second', () => {
    expect(overdueAfter(paceAfter(begun, answered(1000)))).toBe(5000);
    expect(overdueAfter(paceAfter(begun, answered(2)))).toBe(1000);
  });
});

test('hosts that answer late are given more time', () => {
  const late: VisitEnd = { kind: 'late', took: milliseconds(4000) };
  expect(overdueAfter(paceAfter(begun, late))).toBe(20_000);
  expect(overdueAfter(after(known, 10, late))).toBeGreaterThan(10_000);
});

test('what is usual falls quickly and rises slowly', () => {
  const first = paceAfter(begun, answered(1000));
  expect(after(first, 10, answered(100)).usual).toBeLessThan(160);
  expect(after(first, 10, answered(10_000)).usual).toBeLessThan(2000);
});
