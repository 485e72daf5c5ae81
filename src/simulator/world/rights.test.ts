import { describe, expect, test } from 'vitest';
import { decodeSecurityDescriptor, encodeSecurityDescriptor, grantedAccess } from '../security/security-descriptor.ts';
import { defaultSecurity, type WinStationRight, winStationAccess } from '../security/winstation-access.ts';
import { accounts, anActiveSession, aWorld } from '../testing/world.ts';
import { withoutValue, withValue } from './registry/hive.ts';
import { binary } from './registry/values.ts';
import { keyPaths, winStation } from './registry/windows-hive.ts';
import { hasRight, rightsWith } from './rights.ts';

const names = Object.keys(winStationAccess) as WinStationRight[];
const namesOf = (granted: number): readonly string[] => names.filter((name) => hasRight(granted, name));

describe('what may be done with a session', () => {
  test.each([
    ['an administrator', accounts.anna, names],
    ['a user of Remote Desktop', accounts.bob, ['query', 'logon', 'connect']],
    ['its own user', accounts.alice, ['query', 'set', 'reset', 'virtual', 'logon', 'logoff', 'connect', 'disconnect']],
    ['somebody in no group', accounts.nobody, []],
  ])('by %s', (_who, account, expected) => {
    const { host } = aWorld();
    expect(namesOf(rightsWith(host, account, anActiveSession(host)))).toEqual(expected);
  });

  test('is what the value Security of its listener says', () => {
    const { host } = aWorld();
    const security = { ...defaultSecurity, entries: [{ kind: 'allow', sid: accounts.bob.sid, mask: 0x81 } as const] };
    const value = binary('Security', encodeSecurityDescriptor(security));
    host.registry = withValue(host.registry, winStation('RDP-Tcp'), value, 0n);
    expect(namesOf(rightsWith(host, accounts.bob, anActiveSession(host)))).toEqual(['query', 'message']);
  });

  test('is what DefaultSecurity says where the listener has none', () => {
    const { host } = aWorld();
    host.registry = withoutValue(host.registry, winStation('RDP-Tcp'), 'Security', 0n);
    expect(namesOf(rightsWith(host, accounts.bob, anActiveSession(host)))).toEqual(['query', 'logon', 'connect']);
  });

  test('is nothing where no value says it', () => {
    const { host } = aWorld();
    host.registry = withoutValue(host.registry, winStation('RDP-Tcp'), 'Security', 0n);
    host.registry = withoutValue(host.registry, keyPaths.winStations, 'DefaultSecurity', 0n);
    expect(rightsWith(host, accounts.anna, anActiveSession(host))).toBe(0);
  });
});

describe('a security descriptor', () => {
  test('is decoded as it was encoded', () => {
    expect(decodeSecurityDescriptor(encodeSecurityDescriptor(defaultSecurity))).toEqual(defaultSecurity);
  });

  test('without a list grants everything', () => {
    const open = decodeSecurityDescriptor(encodeSecurityDescriptor({ owner: null, group: null, entries: null }));
    expect(open && grantedAccess(open, new Set())).toBe(0xffffffff);
  });

  test('denies what is denied before it is allowed', () => {
    const entries = [
      { kind: 'deny', sid: 'S-1-1-0', mask: 0x40 },
      { kind: 'allow', sid: 'S-1-1-0', mask: 0x41 },
    ] as const;
    expect(grantedAccess({ owner: null, group: null, entries }, new Set(['S-1-1-0']))).toBe(1);
  });

  test.each([0, 1, 19, 20, 27, 40])('cut to %i bytes is none, or has no entries', (length) => {
    const bytes = encodeSecurityDescriptor({ ...defaultSecurity, owner: null, group: null });
    expect(decodeSecurityDescriptor(bytes.subarray(0, length))?.entries ?? null).toBeNull();
  });
});
