import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identityOf, isSameSession, keyOf, looksLikeKey, sameIdentity, type SessionIdentity } from './identity.ts';

const xrdp: SessionIdentity = {
  kind: 'xrdp',
  host: 'xh1',
  bootId: '9e2609a2-f9d3-498c-b1b3-bac1d0f3a15c',
  anchor: 'x-server',
  pid: 148,
  startTicks: 64_498,
  uid: 1002,
};

const decimal = fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String);
const name = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
const identities: fc.Arbitrary<SessionIdentity> = fc.oneof(
  fc.record({
    kind: fc.constant('xrdp' as const),
    host: name,
    bootId: fc.uuid(),
    anchor: fc.constantFrom('x-server' as const, 'leader' as const, 'leftover' as const),
    pid: fc.nat(),
    startTicks: fc.nat(),
    uid: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('windows-logon' as const),
    host: name,
    boot: decimal,
    sessionId: fc.nat(),
    logonTime: decimal,
    account: name,
  }),
  fc.record({
    kind: fc.constant('windows-winlogon' as const),
    host: name,
    boot: decimal,
    sessionId: fc.nat(),
    pid: fc.nat(),
    startTime: decimal,
  }),
);

test('a key comes back as the identity it was made of', () => {
  fc.assert(fc.property(identities, (identity) => void expect(identityOf(keyOf(identity))).toEqual(identity)));
});

test('a key needs no quoting in a shell', () => {
  fc.assert(fc.property(identities, (identity) => void expect(keyOf(identity)).toMatch(/^[A-Za-z0-9_-]+$/)));
});

test.each([
  ['another process id', { pid: 149 }],
  ['another start of the same process id', { startTicks: 64_499 }],
  ['another boot', { bootId: '00000000-f9d3-498c-b1b3-bac1d0f3a15c' }],
  ['another user', { uid: 1003 }],
  ['another host', { host: 'xh2' }],
  ['another anchor', { anchor: 'leader' }],
])('%s is another session', (_, difference) => {
  expect(sameIdentity(xrdp, { ...xrdp, ...difference } as SessionIdentity)).toBe(false);
});

test('text that is no key is refused with bad_key, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((body) => `x1-${Buffer.from(body).toString('base64url')}`),
      ),
      (text) => {
        expect(() => identityOf(text)).toThrow(expect.objectContaining({ code: 'bad_key' }));
      },
    ),
  );
});

test('a key with a character cut off is refused', () => {
  expect(() => identityOf(keyOf(xrdp).slice(0, -1))).toThrow(expect.objectContaining({ code: 'bad_key' }));
});

test('a session name or id does not look like a key', () => {
  expect([':10', '3', 'x1', 'x1-bob', 'alice@xh1', 'CORP\\bob'].filter(looksLikeKey)).toEqual([]);
});

const logon: SessionIdentity = {
  kind: 'windows-logon',
  host: 'ts01',
  boot: '134000000000000000',
  sessionId: 3,
  logonTime: '134000000600000000',
  account: String.raw`CORP\alice`,
};
const nobody: SessionIdentity = {
  kind: 'windows-winlogon',
  host: 'ts01',
  boot: '0',
  sessionId: 3,
  pid: 900,
  startTime: '134000000600000000',
};

test.each<[string, SessionIdentity, SessionIdentity, boolean]>([
  ['a boot that one reading could not see does not count', logon, { ...logon, boot: '0' }, true],
  ['nor where nobody is logged on', nobody, { ...nobody, boot: '134000000000000000' }, true],
  ['another boot counts', logon, { ...logon, boot: '134000000000000001' }, false],
  ['another logon counts', logon, { ...logon, boot: '0', logonTime: '134000000700000000' }, false],
  ['a number alone tells nothing', { ...nobody, pid: 0 }, { ...nobody, pid: 0, boot: '134000000000000000' }, false],
  ['a Linux host tells its boot', xrdp, { ...xrdp, bootId: '00000000-f9d3-498c-b1b3-bac1d0f3a15c' }, false],
])('of one session in two readings %s', (_what, one, other, same) => {
  expect([isSameSession(one, other), isSameSession(other, one)]).toEqual([same, same]);
});
