import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileTimeOf, instantOf, isMoment, momentOf, secondsBetween } from './filetime.ts';
import { ago, now } from './testing/facts.ts';

const day = 864_000_000_000n;
const largest = 2n ** 63n - 1n;

test.each([
  [116_444_736_000_000_000n, '1970-01-01T00:00:00Z'],
  [125_911_584_000_000_000n, '2000-01-01T00:00:00Z'],
  [0n, '1601-01-01T00:00:00Z'],
])('FILETIME %d is %s', (fileTime, text) => {
  expect(instantOf(fileTime).toString()).toBe(text);
  expect(fileTimeOf(Temporal.Instant.from(text))).toBe(fileTime);
});

test('an instant survives as a FILETIME, to the millisecond', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }), (date) => {
      expect(instantOf(fileTimeOf(Temporal.Instant.fromEpochMilliseconds(date.getTime()))).epochMilliseconds).toBe(
        date.getTime(),
      );
    }),
  );
});

test('whatever 64 bits a host tells as its clock is an instant', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -largest - 1n, max: 2n ** 64n - 1n }), (time) => {
      expect(instantOf(time)).toBeInstanceOf(Temporal.Instant);
    }),
  );
});

describe('a FILETIME tells no moment where it is', () => {
  test.each([
    ['zero', 0n],
    ['a few hours after 1601', 3n * 36_000_000_000n],
    ['before 2000', 125_911_583_999_999_999n],
    ['negative', -1n],
    ['the largest there is', largest],
    ["more than a day ahead of the host's clock", now + day + 1n],
  ])('%s', (_, time) => {
    expect(isMoment(time, now)).toBe(false);
    expect(momentOf(time, now)).toBeNull();
  });
});

test.each([
  ['now', now],
  ['an hour ago', ago(3600)],
  ['in 2000', 125_911_584_000_000_000n],
  ['a day ahead', now + day],
])('a FILETIME tells a moment where it is %s', (_, time) => {
  expect(momentOf(time, now)?.epochMilliseconds).toBe(instantOf(time).epochMilliseconds);
});

test('what was not told is no moment', () => {
  expect(momentOf(null, now)).toBeNull();
});

test('seconds between are told to the millisecond, and never negative', () => {
  expect(secondsBetween(ago(90), now)).toBe(90);
  expect(secondsBetween(now, now + 12_345_678n)).toBe(1.234);
  expect(secondsBetween(now, ago(90))).toBe(0);
});
