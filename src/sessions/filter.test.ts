import { expect, test } from 'vitest';
import { aSession } from './testing/session.ts';
import { seconds } from './duration.ts';
import { matchesPattern, passes, type SessionFilter } from './filter.ts';
import type { Session } from './session.ts';

const everything: SessionFilter = {
  users: [],
  states: [],
  idleOver: null,
  clients: [],
  troubled: false,
  allKinds: false,
};

test.each([
  ['bob', 'Bob', true],
  ['bob', 'bobby', false],
  ['b*', 'bob', true],
  [String.raw`CORP\*`, String.raw`corp\Bob`, true],
  ['b?b', 'bob', true],
  ['b?b', 'bb', false],
  ['*o*b*', 'xoxb', true],
  ['*', '', true],
  ['?', '', false],
  ['a.c', 'abc', false],
  ['山?', '山田', true],
])('pattern %s and %s: %s', (pattern, text, expected) => {
  expect(matchesPattern(pattern, text)).toBe(expected);
});

test('a pattern of many stars takes no longer than its text times its length', () => {
  expect(matchesPattern(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
});

test.each([
  ['another user', { users: ['bob'] }, false],
  ['the user in a domain', { users: [String.raw`CORP\a*`] }, true],
  ['the user without the domain', { users: ['alice'] }, true],
  ['one of several users', { users: ['bob', 'alice'] }, true],
  ['another state', { states: ['disconnected'] }, false],
  ['exactly this idle time', { idleOver: seconds(300) }, false],
  ['a shorter idle time', { idleOver: seconds(299) }, true],
  ["the client's address", { clients: ['10.0.*'] }, true],
  ['no trouble', { troubled: true }, false],
  ['one criterion of two', { users: ['alice'], states: ['down'] }, false],
] satisfies readonly (readonly [string, Partial<SessionFilter>, boolean])[])('%s', (_what, filter, expected) => {
  const client: Session['client'] = { name: null, address: '10.0.0.5', display: null };
  const session = aSession({ id: 10, user: 'alice', domain: 'CORP', idleFor: seconds(300), client });
  expect(passes({ ...everything, ...filter }, session)).toBe(expected);
});

test('a session whose idle time is unknown is never idle over anything', () => {
  expect(passes({ ...everything, idleOver: seconds(0) }, aSession({ id: 10 }))).toBe(false);
});
