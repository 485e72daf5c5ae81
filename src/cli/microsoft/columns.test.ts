import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { seconds } from '../../sessions/duration.ts';
import { idleTime, left, logonTime, right } from './columns.ts';

test.each([
  [null, 'none'],
  [0, '.'],
  [59, '.'],
  [60, '1'],
  [300, '5'],
  [3599, '59'],
  [3900, '1:05'],
  [86_399, '23:59'],
  [86_400, '1+00:00'],
  [2 * 86_400 + 3 * 3600 + 17 * 60, '2+03:17'],
])('%s seconds of idle time are %s', (idle, shown) => {
  expect(idleTime(idle === null ? null : seconds(idle))).toBe(shown);
});

test.each([
  ['2026-09-08T00:21:59Z', '9/8/2026 12:21 AM'],
  ['2026-12-24T12:05:00Z', '12/24/2026 12:05 PM'],
  ['2026-01-02T23:00:00Z', '1/2/2026 11:00 PM'],
])('%s is shown as %s', (at, shown) => {
  expect(logonTime(Temporal.Instant.from(at), 'UTC')).toBe(shown);
});

test('a logon time is in the zone of whoever looks', () => {
  expect(logonTime(Temporal.Instant.from('2026-09-08T00:21:00Z'), 'America/New_York')).toBe('9/7/2026 8:21 PM');
});

test('what is too long ends with three dots', () => {
  expect([left('31c5ce94259d4006a9e4#1', 16), left('alice', 8), right(65_536, 5), right(4_194_304, 5)]).toEqual([
    '31c5ce94259d4...',
    'alice   ',
    '65536',
    '4194304',
  ]);
});

test.each(['山田太郎', 'مُحَمَّد', 'Алексей😀', 'नमस्ते', '山田太郎'.repeat(3)])(
  '%s takes as many cells as any other name',
  (name) => {
    expect(stringWidth(left(name, 12))).toBe(12);
  },
);

test('a character of two units is one cut whole', () => {
  expect([left('abc😀def', 7), left('abcd😀', 6)]).toEqual(
    ['abc...', 'abcd😀'].map((text, at) => text.padEnd([7, 6][at] ?? 0)),
  );
});

test('what a host says cannot leave its column', () => {
  expect(left('a\u001b[2Jb', 12)).toBe(String.raw`a\x1b[2Jb   `);
});
