import { describe, expect, test } from 'vitest';
import { aSession } from '../sessions/testing/session.ts';
import { type Meaning, meaningsOf } from './session-reference.ts';
import { aHost, anInventory } from './testing/inventory.ts';

const inventory = anInventory({ xh1: [], xh2: [], user: [] });
const sessions = [
  aSession({ id: 10, user: 'alice' }),
  aSession({ id: 11, user: 'bob@corp' }),
  aSession({ id: 12, user: '10' }),
  aSession({ id: 13, user: 'Bob', domain: 'CORP' }),
  aSession({ id: 14, user: 'anna maria' }),
];

const ids = (meanings: readonly Meaning[]): readonly string[] =>
  meanings.flatMap(({ hosts, namedBy }) =>
    hosts.flatMap(({ name }) =>
      sessions.filter((session) => namedBy(session) !== null).map(({ id }) => `${name}/${id}`),
    ),
  );

describe('with a host of the inventory in it', () => {
  test.each([
    ['an id', 'xh1:10', ['xh1/10']],
    ['a name', 'xh1::10', ['xh1/10']],
    ['a user', 'alice@xh1', ['xh1/10']],
    ['a user with an @', 'bob@corp@xh2', ['xh2/11']],
    ['a user with a domain', String.raw`corp\bob@xh1`, ['xh1/13']],
    ['a user with a space', 'anna maria@xh1', ['xh1/14']],
    ['a user that looks like an id', '10@xh1', ['xh1/12']],
    ['a host that is called user', 'user:10', ['user/10', 'xh1/12', 'xh2/12', 'user/12']],
  ])('%s: %s', (_what, text, expected) => {
    expect(ids(meaningsOf(text, { inventory, hosts: null }))).toEqual(expected);
  });
});

describe('on hosts of -s', () => {
  const hosts = [aHost('ts1')];
  test.each([
    ['an id', '10', ['ts1/10']],
    ['a name', ':10', ['ts1/10']],
    ['a user', 'alice', ['ts1/10']],
    ['a user that looks like an id', 'user:10', ['ts1/12']],
    ['a user with an @', 'bob@corp', ['ts1/11']],
    ['nobody', 'eve', []],
  ])('%s: %s', (_what, text, expected) => {
    expect(ids(meaningsOf(text, { inventory, hosts }))).toEqual(expected);
  });

  test('a key means its own session and none with the same id', () => {
    const [first] = sessions;
    const meanings = meaningsOf(first?.key ?? '', { inventory, hosts: null });
    expect(ids(meanings)).toEqual(['xh1/10']);
  });
});

test('a user alone is looked for on every host', () => {
  expect(ids(meaningsOf('alice', { inventory, hosts: null }))).toEqual(['xh1/10', 'xh2/10', 'user/10']);
});

test.each([
  ['an id alone', '10', 'HOST:10'],
  ['a name alone', ':10', 'HOST:10'],
  ['a URL', 'ssh://root@xh1:10', '-s'],
])('%s is wrong use', (_what, text, hint) => {
  expect(() => meaningsOf(text, { inventory, hosts: null })).toThrow(
    expect.objectContaining({ code: 'usage', hint: expect.stringContaining(hint) as unknown }),
  );
});

test.each(['', 'x'.repeat(5000)])('nothing, or more than a name can be, is wrong use', (text) => {
  expect(() => meaningsOf(text, { inventory, hosts: null })).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('a key of a host that is not in the inventory any more is not found', () => {
  const gone = aSession({ id: 10, host: 'xh9' });
  expect(() => meaningsOf(gone.key, { inventory, hosts: null })).toThrow(
    expect.objectContaining({ code: 'not_found' }),
  );
});
