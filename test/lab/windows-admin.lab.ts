import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostAdministration, LogonMode } from '../../src/hosts/administration.ts';
import type { HostConnection } from '../../src/hosts/driver.ts';
import { peerList, registryOf } from './windows/clients/peers.ts';
import { connectDriver, patience } from './windows/driver.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost, WindowsUser } from './windows/windows-host.ts';

const terminalServer = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server`;

let host: WindowsHost;
/** May do everything. */
let root: HostConnection;

beforeAll(async () => {
  host = await startWindowsHost({ world: 'small', encrypt: 'required', requirePrivacy: true });
  await net('createkey', terminalServer);
  root = await connectDriver(host, host.users.root);
});
afterAll(async () => {
  await root[Symbol.asyncDispose]();
  await host.stop();
});

const net = (...args: readonly string[]): Promise<string> => registryOf(host, host.users.root, ...args);

function of({ administration }: HostConnection): HostAdministration {
  if (administration === null) throw new Error('a Windows host can be administered');
  return administration;
}

/** What Samba's own client reads of the drain mode; null where there is none. */
async function drainMode(): Promise<string | null> {
  const said = await net('enumerate', terminalServer);
  return /Valuename += TSServerDrainMode\nType += REG_DWORD\nValue += (.*)/.exec(said)?.[1] ?? null;
}

async function as<T>(user: WindowsUser, work: (administration: HostAdministration) => Promise<T>): Promise<T> {
  await using connection = await connectDriver(host, user);
  return await work(of(connection));
}

describe("who may log on, in smbd's own registry", () => {
  test('is everybody where nothing is written', async () => {
    expect(await of(root).logonMode(patience())).toBe('on');
  });

  test.each<[LogonMode, string]>([
    ['drain', '2'],
    ['drain-until-restart', '1'],
    ['on', '0'],
  ])("set to %s is what Samba's own client reads", async (mode, expected) => {
    await of(root).setLogonMode(mode, patience());
    expect(await drainMode()).toBe(expected);
    expect(await of(root).logonMode(patience())).toBe(mode);
  });

  test("is what Samba's own client has written", async () => {
    await net('setvalue', terminalServer, 'TSServerDrainMode', 'dword', '2');
    expect(await of(root).logonMode(patience())).toBe('drain');
    await net('setvalue', terminalServer, 'TSServerDrainMode', 'dword', '0');
  });

  // smbd keeps nothing below `Windows NT\CurrentVersion`.
  test('is what it was where the host does not take a value', async () => {
    await expect(of(root).setLogonMode('off', patience())).rejects.toThrow('WinStationsDisabled');
    expect(await of(root).logonMode(patience())).toBe('on');
  });

  test('is nothing that a plain user may set', async () => {
    const setting = as(host.users.plain, (administration) => administration.setLogonMode('drain', patience()));
    await expect(setting).rejects.toMatchObject({ code: 'access_denied', host: 'oracle' });
    expect(await of(root).logonMode(patience())).toBe('on');
  });
});

describe('listeners', () => {
  const listening = async (): Promise<readonly (readonly [string, boolean])[]> => {
    const { listeners = [] } = await peerList(host, host.users.tsadmin);
    return listeners.map((one) => [one.name, one.listening]);
  };

  test('are the ones that impacket sees', async () => {
    const ours = (await of(root).listeners(patience())).map((one) => [one.name, one.listening]);
    expect(ours).toEqual(await listening());
    expect(ours).toHaveLength(3);
  });

  test('are stopped and started, and stay as they are for a user without the right', async () => {
    await of(root).setListener('RDP-Tcp', false, patience());
    expect(await listening()).toContainEqual(['RDP-Tcp', false]);
    const starting = as(host.users.plain, (administration) => administration.setListener('RDP-Tcp', true, patience()));
    await expect(starting).rejects.toMatchObject({ code: 'access_denied' });
    expect(await listening()).toContainEqual(['RDP-Tcp', false]);
    await of(root).setListener('RDP-Tcp', true, patience());
    expect(await listening()).toContainEqual(['RDP-Tcp', true]);
  });
});

describe('going down', () => {
  const asked = (): readonly unknown[] =>
    host
      .log()
      .filter(({ call }) => call === 'IcaApi.RpcWinStationShutdownSystem')
      .map(({ request }) => request?.['ShutdownFlags']);

  test('is asked for with the flags of MS-TSTS, as impacket decodes them', async () => {
    await of(root).shutdown('restart', patience());
    expect(asked()).toEqual([0x7]);
  });

  test('is refused to a plain user', async () => {
    const asking = as(host.users.plain, (administration) => administration.shutdown('power-off', patience()));
    await expect(asking).rejects.toMatchObject({ code: 'access_denied' });
  });
});
