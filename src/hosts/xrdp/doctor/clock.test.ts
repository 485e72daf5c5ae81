import { expect, test } from 'vitest';
import { clockFinding } from './clock.ts';
import { xh1 } from './testing/facts.ts';

const before = Temporal.Instant.from('2026-11-25T12:00:00Z');
const ours = before.epochMilliseconds / 1000;

/** The finding where the host's clock was ahead by so many seconds, and the answer took so many. */
const skewed = (ahead: number, took = 0) =>
  clockFinding(xh1, ours + ahead, { before, after: before.add({ milliseconds: took * 1000 }) });

test.each([
  [0, 'ok', "the host's clock is the same as here"],
  [1.9, 'ok', "the host's clock is the same as here"],
  [7, 'warning', "the host's clock is 7 s ahead of this machine's"],
  [-250, 'warning', "the host's clock is 4 min behind this machine's"],
  [3 * 3600, 'warning', "the host's clock is 3 h ahead of this machine's"],
  [-3 * 86_400, 'warning', "the host's clock is 3 d behind this machine's"],
])('a clock that is %s s ahead is %s', (ahead, verdict, summary) => {
  expect(skewed(ahead)).toMatchObject({ verdict, summary });
});

test('what the answer’s way may explain is no skew', () => {
  expect(skewed(10, 10).verdict).toBe('ok');
});

test('a skew has the command that mends it', () => {
  expect(skewed(60).mends[0]?.paste).toContain('timedatectl set-ntp true');
});
