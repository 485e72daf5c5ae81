import { describe, expect, test } from 'vitest';
import { decodeSecurityDescriptor } from '../../wire/ms-dtyp/security-descriptor.ts';
import { encodeSecurityDescriptor } from '../security/security-descriptor.ts';
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
    const security = { ...defaultSecurity, dacl: [{ effect: 'allow', sid: accounts.bob.sid, mask: 0x81 } as const] };
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

describe('a security descriptor that is written', () => {
  test('is read as it was written', () => {
    const read = decodeSecurityDescriptor(encodeSecurityDescriptor(defaultSecurity));
    expect(read).toMatchObject(defaultSecurity);
    expect(read.dacl).toHaveLength(defaultSecurity.dacl?.length ?? 0);
  });

  test('without a list grants everything', () => {
    const { host } = aWorld();
    const open = binary('Security', encodeSecurityDescriptor({ owner: null, group: null, dacl: null }));
    host.registry = withValue(host.registry, winStation('RDP-Tcp'), open, 0n);
    expect(namesOf(rightsWith(host, accounts.nobody, anActiveSession(host)))).toEqual(names);
  });

  test('denies what is denied before it is allowed', () => {
    const { host } = aWorld();
    const dacl = [
      { effect: 'deny', sid: 'S-1-1-0', mask: 0x200 },
      { effect: 'allow', sid: 'S-1-1-0', mask: 0x201 },
    ] as const;
    const value = binary('Security', encodeSecurityDescriptor({ owner: null, group: null, dacl }));
    host.registry = withValue(host.registry, winStation('RDP-Tcp'), value, 0n);
    expect(namesOf(rightsWith(host, accounts.bob, anActiveSession(host)))).toEqual(['query']);
  });

  test('that is garbled grants nothing', () => {
    const { host } = aWorld();
    host.registry = withValue(host.registry, winStation('RDP-Tcp'), binary('Security', new Uint8Array(7)), 0n);
    expect(rightsWith(host, accounts.anna, anActiveSession(host))).toBe(0);
  });
});
