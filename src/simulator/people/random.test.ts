import { expect, test } from 'vitest';
import { Chance } from './random.ts';

const draws = (chance: Chance, count = 1000): readonly number[] =>
  Array.from({ length: count }, () => chance.fraction());

test('the same seeds draw the same, others differ', () => {
  expect(draws(new Chance(7, 1))).toEqual(draws(new Chance(7, 1)));
  for (const other of [new Chance(7, 2), new Chance(8, 1), new Chance(1, 7), new Chance(7)]) {
    expect(draws(other, 4)).not.toEqual(draws(new Chance(7, 1), 4));
  }
});

test('a branch goes its own way, whatever is drawn from its root later', () => {
  const [one, other] = [new Chance(1), new Chance(1)];
  const [branch, same] = [one.branch(), other.branch()];
  draws(other);
  expect(draws(branch)).toEqual(draws(same));
  expect(draws(branch)).not.toEqual(draws(one));
});

test('fractions are spread evenly', () => {
  const tenths = Map.groupBy(draws(new Chance(5), 20_000), (fraction) => Math.floor(fraction * 10));
  expect(tenths.size).toBe(10);
  for (const [, { length }] of tenths) expect(Math.abs(length - 2000)).toBeLessThan(200);
});

test('what is weighted more comes more often', () => {
  const chance = new Chance(3);
  const all = [
    { weight: 3, what: 'often' },
    { weight: 1, what: 'seldom' },
    { weight: 0, what: 'never' },
  ] as const;
  const drawn = Array.from({ length: 4000 }, () => chance.weighted<string>(all));
  expect(drawn.filter((what) => what === 'often').length / 4000).toBeCloseTo(0.75, 1);
  expect(drawn).not.toContain('never');
});

test('times around a mean have it, and an end', () => {
  const chance = new Chance(4);
  const times = Array.from({ length: 20_000 }, () => chance.around(100));
  expect(times.reduce((sum, time) => sum + time) / times.length).toBeCloseTo(100, -1);
  expect(Math.max(...times)).toBeLessThanOrEqual(800);
});
