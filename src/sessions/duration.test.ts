import { expect, test } from 'vitest';
import { formatDuration, parseDuration, seconds } from './duration.ts';

test.each([
  ['90s', 90],
  ['5m', 300],
  ['2h', 7200],
  ['1d', 86_400],
  ['0s', 0],
])('%s is %i seconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(['', '5', 'm', '5 m', '-5m', '1.5h', '5M', '5w', '1h30m', '9999999999s', '3651d'])(
  '%j is no duration',
  (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  },
);

test.each([
  [0, '0s'],
  [59.9, '59s'],
  [61, '1m 01s'],
  [3600, '1h 00m'],
  [100_000, '1d 3h'],
  [-1, '0s'],
])('%d seconds read as %s', (value, expected) => {
  expect(formatDuration(seconds(value))).toBe(expected);
});
