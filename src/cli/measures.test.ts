import { expect, test } from 'vitest';
import { count, formatBytes, formatInstant } from './measures.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_600, '1.0 MB'],
  [22_400_000_000, '22 GB'],
  [9_960_000, '10 MB'],
])('%i bytes are %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test.each([
  ['today', '2026-03-02T08:05:59Z', '09:05'],
  ['yesterday there, though today in UTC', '2026-03-01T22:30:00Z', '03-01 23:30'],
  ['last year', '2025-03-02T08:05:59Z', '2025-03-02'],
])('an instant of %s', (_what, at, expected) => {
  const now = Temporal.Instant.from('2026-03-02T14:00:00Z');
  expect(formatInstant(Temporal.Instant.from(at), now, 'Europe/Paris')).toBe(expected);
});

test('one is one and many are many', () => {
  expect([count(1, 'process', 'processes'), count(2, 'host')]).toEqual(['1 process', '2 hosts']);
});
