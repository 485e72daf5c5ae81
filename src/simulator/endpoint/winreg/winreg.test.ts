import { describe, expect, test } from 'vitest';
import { access } from '../../../wire/ms-rrp/access.ts';
import { closeKey } from '../../../wire/ms-rrp/close-key.ts';
import { createKey } from '../../../wire/ms-rrp/create-key.ts';
import { deleteKey } from '../../../wire/ms-rrp/delete-key.ts';
import { deleteValue } from '../../../wire/ms-rrp/delete-value.ts';
import { enumKey } from '../../../wire/ms-rrp/enum-key.ts';
import { enumValue } from '../../../wire/ms-rrp/enum-value.ts';
import { flushKey } from '../../../wire/ms-rrp/flush-key.ts';
import { getVersion } from '../../../wire/ms-rrp/get-version.ts';
import { winreg } from '../../../wire/ms-rrp/interface.ts';
import { openKey } from '../../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import { queryInfoKey } from '../../../wire/ms-rrp/query-info-key.ts';
import { queryValue } from '../../../wire/ms-rrp/query-value.ts';
import { errorCode } from '../../../wire/ms-rrp/result.ts';
import { setValue } from '../../../wire/ms-rrp/set-value.ts';
import { valueType } from '../../../wire/ms-rrp/value.ts';
import { fromUtf16, utf16 } from '../../../wire/bytes/utf16.ts';
import type { ContextHandle } from '../../../wire/ndr/context-handle.ts';
import { PipeClient } from '../../testing/pipe.ts';
import { accounts, aWorld } from '../../testing/world.ts';
import { keyPaths } from '../../world/registry/windows-hive.ts';
import { textOf } from '../../world/registry/values.ts';
import { valueAt } from '../../world/registry/hive.ts';

const terminalServer = String.raw`SYSTEM\CurrentControlSet\Control\Terminal Server`;
const { maximumAllowed } = access;
const room = (size: number) => ({
  lpType: 0,
  lpData: { maximum: size, elements: new Uint8Array() },
  lpcbData: size,
  lpcbLen: 0,
});

function registry() {
  const { host } = aWorld();
  const client = new PipeClient(host, accounts.anna, [winreg]);
  const { phKey: machine } = client.ask(openLocalMachine, { serverName: null, samDesired: maximumAllowed });
  const open = (lpSubKey: string, samDesired: number = maximumAllowed): ContextHandle =>
    client.ask(openKey, { hKey: machine, lpSubKey, dwOptions: 0, samDesired }).phkResult;
  const create = (lpSubKey: string, hKey = machine) =>
    client.ask(createKey, {
      hKey,
      lpSubKey,
      lpClass: null,
      dwOptions: 0,
      samDesired: maximumAllowed,
      lpSecurityAttributes: null,
      lpdwDisposition: 0,
    });
  return { host, client, machine, open, create };
}

describe('a value', () => {
  test('is read, whatever the case of its name', () => {
    const { client, open } = registry();
    const answer = client.ask(queryValue, {
      hKey: open(terminalServer),
      lpValueName: 'FDENYtsconnections',
      ...room(4),
    });
    expect(answer).toEqual({
      lpType: valueType.dword,
      lpData: { maximum: 4, elements: new Uint8Array(4) },
      lpcbData: 4,
      lpcbLen: 4,
      returnValue: 0,
    });
  });

  test('that needs more room says how much', () => {
    const { client, open } = registry();
    const asked = { hKey: open(String.raw`${terminalServer}\WinStations\RDP-Tcp`), lpValueName: 'Security' };
    const first = client.ask(queryValue, { ...asked, ...room(4) });
    expect(first).toMatchObject({ returnValue: errorCode.moreData, lpData: { elements: new Uint8Array() } });
    const size = first.lpcbData ?? 0;
    expect(client.ask(queryValue, { ...asked, ...room(size) }).lpData?.elements).toHaveLength(size);
    const without = { lpType: null, lpData: null, lpcbData: 0, lpcbLen: null };
    expect(client.ask(queryValue, { ...asked, ...without })).toMatchObject({ returnValue: 0, lpcbData: size });
  });

  test('is written, and the host sees it', () => {
    const { client, open, host } = registry();
    const hKey = open(String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`);
    const data = utf16('1\0');
    expect(client.ask(setValue, { hKey, lpValueName: 'WinStationsDisabled', dwType: 1, lpData: data })).toEqual({
      returnValue: 0,
    });
    expect(textOf(valueAt(host.registry, keyPaths.winlogon, 'WinStationsDisabled'))).toBe('1');
    expect(client.ask(deleteValue, { hKey, lpValueName: 'WinStationsDisabled' })).toEqual({ returnValue: 0 });
    expect(client.ask(deleteValue, { hKey, lpValueName: 'WinStationsDisabled' })).toEqual({ returnValue: 2 });
  });

  test('is not written by who opened its key to read', () => {
    const { client, open, host } = registry();
    const before = host.registry;
    const hKey = open(terminalServer, access.queryValue);
    const request = { hKey, lpValueName: 'x', dwType: 4, lpData: new Uint8Array(4) };
    expect(client.ask(setValue, request)).toEqual({ returnValue: errorCode.accessDenied });
    expect(host.registry).toBe(before);
  });

  test('of one host is no other host’s', () => {
    const [one, other] = [registry(), registry()];
    const request = {
      hKey: one.open(terminalServer),
      lpValueName: 'TSServerDrainMode',
      dwType: 4,
      lpData: Uint8Array.of(1, 0, 0, 0),
    };
    one.client.ask(setValue, request);
    expect(one.host.dword(keyPaths.terminalServer, 'TSServerDrainMode')).toBe(1);
    expect(other.host.dword(keyPaths.terminalServer, 'TSServerDrainMode')).toBe(0);
  });

  test('comes one after the other, until there are no more', () => {
    const { client, open } = registry();
    const hKey = open(terminalServer);
    const names: (string | null)[] = [];
    for (let dwIndex = 0; dwIndex < 20; dwIndex++) {
      const { lpValueNameOut, returnValue } = client.ask(enumValue, { hKey, dwIndex, lpValueNameIn: 64, ...room(16) });
      if (returnValue === errorCode.noMoreItems) break;
      names.push(lpValueNameOut);
    }
    expect(names).toEqual([
      'fDenyTSConnections',
      'fSingleSessionPerUser',
      'TSServerDrainMode',
      'TSUserEnabled',
      'TSAppCompat',
      'AllowRemoteRPC',
    ]);
  });
});

describe('a key', () => {
  test('tells what is in it', () => {
    const { client, open } = registry();
    const told = client.ask(queryInfoKey, { hKey: open(terminalServer), lpClassIn: 0 });
    expect(told).toMatchObject({
      lpcSubKeys: 1,
      lpcValues: 6,
      lpcbMaxSubKeyLen: 11,
      lpcbMaxValueNameLen: 21,
      lpcbMaxValueLen: 4,
    });
    const first = { hKey: open(terminalServer), dwIndex: 0, lpClassIn: null, lpftLastWriteTime: null };
    expect(client.ask(enumKey, { ...first, lpNameIn: 64 })).toMatchObject({ lpNameOut: 'WinStations', returnValue: 0 });
    expect(client.ask(enumKey, { ...first, lpNameIn: 11 }).returnValue).toBe(errorCode.moreData);
    expect(client.ask(enumKey, { ...first, dwIndex: 1, lpNameIn: 64 }).returnValue).toBe(errorCode.noMoreItems);
  });

  test('is created with those above it, and deleted once it is empty', () => {
    const { client, machine, create } = registry();
    expect(create(String.raw`SOFTWARE\Usher\Test`).lpdwDisposition).toBe(1);
    expect(create(String.raw`SOFTWARE\usher\test`).lpdwDisposition).toBe(2);
    const removed = (lpSubKey: string) => client.ask(deleteKey, { hKey: machine, lpSubKey }).returnValue;
    expect(removed(String.raw`SOFTWARE\Usher`)).toBe(errorCode.accessDenied);
    expect(removed(String.raw`SOFTWARE\Usher\Test`)).toBe(0);
    expect(removed(String.raw`SOFTWARE\Usher\Test`)).toBe(errorCode.fileNotFound);
  });

  test('that was deleted says so to who has it open', () => {
    const { client, machine, create } = registry();
    const { phkResult: hKey } = create('Usher');
    client.ask(deleteKey, { hKey: machine, lpSubKey: 'Usher' });
    expect(client.ask(setValue, { hKey, lpValueName: 'x', dwType: 4, lpData: new Uint8Array(4) }).returnValue).toBe(
      1018,
    );
    expect(client.ask(queryInfoKey, { hKey, lpClassIn: 0 }).returnValue).toBe(1018);
  });

  test('that there is not cannot be opened', () => {
    const { client, machine } = registry();
    const request = { hKey: machine, lpSubKey: 'none', dwOptions: 0, samDesired: maximumAllowed };
    expect(client.ask(openKey, request).returnValue).toBe(errorCode.fileNotFound);
  });

  test('is closed once, and flushed before', () => {
    const { client, open } = registry();
    const hKey = open(terminalServer);
    expect(client.ask(flushKey, { hKey })).toEqual({ returnValue: 0 });
    expect(client.ask(getVersion, { hKey })).toEqual({ lpdwVersion: 5, returnValue: 0 });
    client.ask(closeKey, { hKey });
    expect(client.begin(flushKey, { hKey }).fault()).toBe('nca_s_fault_context_mismatch');
  });
});

test('a host tells its own name', () => {
  const { client, open } = registry();
  const hKey = open(String.raw`SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName`);
  const { lpData } = client.ask(queryValue, { hKey, lpValueName: 'ComputerName', ...room(64) });
  expect(fromUtf16(lpData?.elements ?? new Uint8Array())).toBe('TS01\0');
});

test('nobody but an administrator gets in', () => {
  const client = new PipeClient(aWorld().host, accounts.bob, [winreg]);
  const request = { serverName: null, samDesired: maximumAllowed };
  expect(client.ask(openLocalMachine, request).returnValue).toBe(errorCode.accessDenied);
});
