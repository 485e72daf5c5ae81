import { describe, expect, test } from 'vitest';
import { readAt } from '../../sessions/testing/session.ts';
import {
  formatListed,
  freshOf,
  type ListedSession,
  mostBytes,
  mostListed,
  parseListed,
  remembering,
} from './listed.ts';

const alice: ListedSession = {
  host: 'ts01',
  url: 'windows://ts01',
  id: 3,
  name: 'RDP-Tcp#3',
  key: 'w1-alice',
  account: String.raw`CORP\alice`,
  listedAt: readAt,
};
const bob: ListedSession = { ...alice, key: 'w1-bob', account: null };

describe('what was listed', () => {
  test.each([
    ['at this moment', 0, 1],
    ['15 minutes ago', 15 * 60, 1],
    ['longer ago', 15 * 60 + 1, 0],
    ['after now, by a clock that was set back,', -1, 0],
  ])('%s counts: %#', (_when, secondsAgo, counts) => {
    expect(freshOf([alice], readAt.add({ seconds: secondsAgo })).length).toBe(counts);
  });

  test('is replaced by what is listed by the same id later', () => {
    expect(remembering([alice], [bob], readAt)).toEqual([bob]);
  });

  test.each([
    ['id', { id: 4 }],
    ['host', { host: 'ts02' }],
    ['address', { url: 'windows://ts01.example' }],
  ])('stands beside what another %s means', (_what, other) => {
    const carol = { ...bob, ...other };
    expect(remembering([alice], [carol], readAt)).toEqual(expect.arrayContaining([alice, carol]));
  });

  test('is forgotten from the oldest on where there is too much of it', () => {
    const old = { ...alice, id: 0, listedAt: readAt.subtract({ seconds: 1 }) };
    const shown = Array.from({ length: mostListed }, (_, index) => ({ ...alice, id: index + 1 }));
    const kept = remembering([old], shown, readAt);
    expect([kept.length, kept.some(({ id }) => id === 0)]).toEqual([mostListed, false]);
  });

  test('is not replaced by what was listed before it and is remembered after it', () => {
    const earlier = { ...bob, listedAt: readAt.subtract({ seconds: 1 }) };
    expect(remembering([alice], [earlier], readAt)).toEqual([alice]);
  });

  test('is written as far as it fits', () => {
    const long = Array.from({ length: 6000 }, (_, id) => ({ ...alice, id, name: 'ä'.repeat(2000) }));
    const text = formatListed(long);
    const kept = parseListed(text) ?? [];
    expect([Buffer.byteLength(text) <= mostBytes, kept.length > 4000, kept.length < 6000]).toEqual([true, true, true]);
  });

  test('is the same once it was written and read', () => {
    expect(parseListed(formatListed([alice, bob]))).toEqual([alice, bob]);
  });
});

test.each([
  ['nothing', ''],
  ['half of a document', formatListed([alice]).slice(0, -20)],
  ['another document', '[]'],
  ['another version', formatListed([alice]).replace('"version":1', '"version":2')],
  ['a session without a key', formatListed([alice]).replace('"key"', '"kez"')],
  ['an id that is none', formatListed([alice]).replace('"id":3', '"id":"3"')],
  ['a time that is none', formatListed([alice]).replace(/"listedAt":\d+/, '"listedAt":9e15')],
  ['an endless name', formatListed([{ ...alice, name: 'x'.repeat(5000) }])],
])('%s is a damaged memory', (_what, text) => {
  expect(parseListed(text)).toBeNull();
});
