import { expect, test } from 'vitest';
import { aSession } from './testing/session.ts';
import { accountOf, isUser } from './account.ts';

test.each([
  ['bob', null, 'bob'],
  ['bob', '', 'bob'],
  ['bob', 'CORP', String.raw`CORP\bob`],
  [null, 'CORP', null],
])('user %s of domain %s is %s', (user, domain, expected) => {
  expect(accountOf({ user, domain })).toBe(expected);
});

test.each([
  ['a Linux user by name', 'bob', null, 'bob', true],
  ['a Linux user in other case', 'bob', null, 'Bob', false],
  ['a domain user in other case', 'Bob', 'CORP', String.raw`corp\bob`, true],
  ['a domain user without the domain', 'Bob', 'CORP', 'bob', true],
  ['a domain user of another domain', 'bob', 'CORP', String.raw`OTHER\bob`, false],
  ['a user whom winbind names with the domain', String.raw`CORP\bob`, null, String.raw`corp\BOB`, true],
  ['a user whom sssd names with the domain', 'bob@corp.example', null, 'bob@corp.example', true],
  ['a composed and a decomposed spelling', 'jos\u00e9', null, 'jose\u0301', true],
  ['nobody', null, null, '', false],
])('%s', (_what, user, domain, text, expected) => {
  expect(isUser(aSession({ id: 10, user, domain }), text)).toBe(expected);
});
