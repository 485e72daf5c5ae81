import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defectOf, hostile } from '../testing/hostile.ts';
import type { Ace } from './acl.ts';
import { checkAccess, holdersOf, type Membership } from './access-check.ts';
import { decodeSecurityDescriptor } from './security-descriptor.ts';

const entry = z.object({ type: z.number(), flags: z.number(), mask: z.number(), sid: z.string() });
const vectors = z.object({
  tokens: z.record(z.string(), z.array(z.string())),
  descriptors: z.array(
    z.object({
      name: z.string(),
      bytes: z.hex(),
      owner: z.string().nullable(),
      group: z.string().nullable(),
      dacl: z.array(entry).nullable(),
      granted: z.record(z.string(), z.number()).nullable(),
    }),
  ),
});
const file = new URL('../../../test/vectors/security-descriptors.json', import.meta.url);
const { tokens, descriptors } = vectors.parse(JSON.parse(readFileSync(file, 'utf8')));
const rights = Array.from({ length: 10 }, (_, bit) => 2 ** bit);
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe.each(descriptors)('$name:', ({ bytes, owner, group, dacl, granted }) => {
  const decoded = decodeSecurityDescriptor(bytesOf(bytes));

  test('it is decoded as others do', () => {
    const effects = ['allow', 'deny'];
    expect(decoded).toEqual({
      owner,
      group,
      dacl:
        dacl?.map(({ type, flags, mask, sid }) => ({
          effect: effects[[0x05, 0x09].includes(type) ? 0 : [0x06, 0x0a].includes(type) ? 1 : type],
          conditional: type > 1,
          inheritOnly: (flags & 8) !== 0,
          mask,
          sid,
        })) ?? null,
    });
  });

  test.each(Object.entries(granted ?? {}))('%s has the rights that Samba gives', (name, mask) => {
    const token = new Set(tokens[name]);
    const memberOf = (sid: string): Membership => (token.has(sid) ? 'yes' : 'no');
    const told = rights.map((right) => ({ right, access: checkAccess(decoded, right, memberOf).access }));
    const sure = told.filter(({ access }) => access !== 'unknown');
    expect(sure).toEqual(sure.map(({ right }) => ({ right, access: (mask & right) === 0 ? 'denied' : 'granted' })));
    expect(sure.length === told.length || decoded.dacl?.some(({ conditional }) => conditional)).toBe(true);
  });
});

test('without a DACL everybody may do everything, with an empty one nobody anything', () => {
  expect(checkAccess({ dacl: null }, 1, () => 'no').access).toBe('granted');
  expect(checkAccess({ dacl: [] }, 1, () => 'yes').access).toBe('denied');
});

const ace = (effect: 'allow' | 'deny', sid: string, mask = 1): Ace => ({
  effect,
  conditional: false,
  inheritOnly: false,
  mask,
  sid,
});

const only = (memberships: Readonly<Record<string, Membership>>) => (sid: string) => memberships[sid] ?? 'unknown';

test.each<[string, readonly Ace[], 'granted' | 'denied' | 'unknown', readonly string[]]>([
  ['allowed by an unknown group', [ace('allow', 'g')], 'unknown', ['g']],
  ['allowed behind an unknown denial', [ace('deny', 'g'), ace('allow', 'me')], 'unknown', ['g']],
  ['allowed before an unknown denial', [ace('allow', 'me'), ace('deny', 'g')], 'granted', ['me']],
  ['allowed behind an unknown grant', [ace('allow', 'g'), ace('allow', 'me')], 'granted', ['me']],
  ['denied behind an unknown grant', [ace('allow', 'g'), ace('deny', 'me')], 'unknown', ['g']],
  ['denied behind an unknown denial', [ace('deny', 'g'), ace('deny', 'me')], 'denied', ['me']],
  ['about another right', [ace('allow', 'me', 2)], 'denied', []],
  ['of others', [ace('allow', 'not me'), ace('deny', 'not me')], 'denied', []],
])('with a token that is known in part, what is %s', (_, dacl, access, by) => {
  expect(checkAccess({ dacl }, 1, only({ me: 'yes', 'not me': 'no' }))).toEqual({ access, by });
});

test('what is told for certain is so whatever the unknown groups are', () => {
  const sid = fc.constantFrom('a', 'b', 'c', 'd');
  const dacls = fc.array(
    fc.tuple(fc.constantFrom('allow' as const, 'deny' as const), sid).map(([effect, of]) => ace(effect, of)),
  );
  const membership = fc.constantFrom<Membership>('yes', 'no', 'unknown');
  const answers = fc.record({ a: membership, b: membership, c: membership, d: membership });
  const truths = fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean(), d: fc.boolean() });
  const told = fc.check(
    fc.property(dacls, answers, truths, (dacl, told, truth): boolean => {
      const { access } = checkAccess({ dacl }, 1, only(told));
      const real = Object.fromEntries(
        Object.entries(told).map(([of, member]) => {
          const guess = truth[of as keyof typeof truth] ? 'yes' : 'no';
          return [of, member === 'unknown' ? guess : member] as const;
        }),
      );
      return access === 'unknown' || checkAccess({ dacl }, 1, only(real)).access === access;
    }),
  );
  expect(told.failed).toBe(false);
});

test('who has a right is told in the order of the entries, once', () => {
  const dacl = [ace('deny', 'x'), ace('allow', 'b'), ace('allow', 'a', 3), ace('allow', 'b', 5), ace('allow', 'c', 4)];
  expect(holdersOf({ dacl }, 1)).toEqual({ allowed: ['b', 'a'], denied: ['x'] });
});

test.each(descriptors)('$name, cut or garbled, is decoded or a UsherError', ({ bytes }) => {
  fc.assert(
    fc.property(hostile(bytesOf(bytes)), (garbled) => {
      expect(defectOf(() => decodeSecurityDescriptor(garbled))).toBeNull();
    }),
  );
});

test.each([
  ['an absolute descriptor', '01000400 00000000 00000000 00000000 00000000', 'is not self-relative'],
  ['another revision', '02000480 00000000 00000000 00000000 00000000', 'has revision 2'],
  [
    'an entry beyond its ACL',
    '01000480 00000000 00000000 00000000 14000000 02000c00 01000000 00001800',
    'beyond the end of its ACL',
  ],
  ['more entries than can be', '01000480 00000000 00000000 00000000 14000000 0200ffff ffff0000', 'has 65535 ACEs'],
  [
    'a SID of 16 parts',
    '01000080 14000000 00000000 00000000 00000000 01100000 00000005',
    'a SID of 16 sub-authorities',
  ],
])('%s is refused', (_, hex, complaint) => {
  expect(() => decodeSecurityDescriptor(bytesOf(hex.replaceAll(' ', '')))).toThrow(complaint);
});
