import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { client, tstool } from './windows/clients/peers.ts';
import type { World } from './windows/world.ts';
import { startWindowsHost, type WindowsHost, type WindowsHostOptions } from './windows/windows-host.ts';
import { smallWorld } from './windows/worlds.ts';
import { until } from './harness/until.ts';

let host: WindowsHost;

async function hostWith(session: object, options: WindowsHostOptions = {}): Promise<void> {
  host = await startWindowsHost({ world: smallWorld({ sessions: { 2: session } }), ...options });
}
afterEach(async () => {
  await host.stop({ mayCrash: true });
});

const sessionIn = (world: World, wanted: number): World['sessions'][number] | undefined =>
  world.sessions.find(({ id }) => id === wanted);

async function session(wanted: number): Promise<World['sessions'][number] | undefined> {
  return sessionIn(await host.worldNow(), wanted);
}

async function images(of: number): Promise<readonly string[]> {
  const { processes } = await host.worldNow();
  return processes.filter((process) => process.session === of).map(({ image }) => image);
}

async function terminate(image: string): Promise<void> {
  const { processes } = await host.worldNow();
  const found = processes.find((process) => process.session === 2 && process.image === image);
  await tstool(host, host.users.tsadmin, 'taskkill', '-pid', String(found?.pid));
}

test('a session that waits for its winlogon survives a log-off', async () => {
  await hostWith({ endsWith: 'winlogon' });
  await tstool(host, host.users.tsadmin, 'logoff', '-session', '2');
  expect(await session(2)).toMatchObject({ state: 'active', user: 'alice' });
  await terminate('winlogon.exe');
  expect(await session(2)).toBeUndefined();
});

test('a session that waits for its processes is down until the last of them but csrss has ended', async () => {
  await hostWith({ endsWith: 'processes' });
  await terminate('winlogon.exe');
  expect(await session(2)).toMatchObject({ state: 'down', name: '', user: 'alice' });
  const { processes } = await host.worldNow();
  const last = processes.filter(({ session: of, image }) => of === 2 && image !== 'csrss.exe').at(-1);
  for (const image of ['dwm.exe', 'explorer.exe', 'EXCEL.EXE', 'Größenrechner.exe']) {
    expect(await session(2)).toBeDefined();
    await terminate(image);
  }
  expect(last?.image).toBe('Größenrechner.exe');
  expect(await session(2)).toBeUndefined();
  expect(await images(2)).toEqual([]);
});

test('a session that nothing ends stays down with its csrss, and the end of that is the end of the host', async () => {
  await hostWith({ endsWith: 'nothing', forgets: true });
  for (const image of ['winlogon.exe', 'dwm.exe', 'explorer.exe', 'EXCEL.EXE', 'Größenrechner.exe']) {
    await terminate(image);
  }
  expect(await session(2)).toMatchObject({ state: 'down', user: '', logon_time: '0' });
  expect(await images(2)).toEqual(['csrss.exe']);
  const ending = terminate('csrss.exe').catch(() => undefined);
  await until(() => host.crashed() !== null);
  await ending;
  expect(host.crashed()).toBe('csrss.exe of session 2 was terminated');
  await expect(host.stop()).rejects.toThrow('the host crashed');
});

test('the heir of a session has its id at once', async () => {
  await hostWith({ heir: { user: 'bob' } });
  const before = await session(2);
  await tstool(host, host.users.tsadmin, 'logoff', '-session', '2');
  const after = await session(2);
  expect(after).toMatchObject({ user: 'bob', state: 'active' });
  expect(after?.logon_time).not.toBe(before?.logon_time);
  expect(await images(2)).toEqual(['csrss.exe', 'winlogon.exe', 'dwm.exe', 'explorer.exe']);
});

test('each right is denied by itself', async () => {
  await hostWith({}, { rights: { plain: ['disconnect'], tsadmin: ['logoff', 'query'] } });
  await tstool(host, host.users.plain, 'logoff', '-session', '2');
  await tstool(host, host.users.tsadmin, 'tsdiscon', '-session', '2');
  expect(await session(2)).toMatchObject({ state: 'active' });
  await tstool(host, host.users.plain, 'tsdiscon', '-session', '2');
  expect(await session(2)).toMatchObject({ state: 'disconnected' });
  await host.change({ rights: { plain: ['logoff'] } });
  await tstool(host, host.users.plain, 'logoff', '-session', '2');
  expect(await session(2)).toBeUndefined();
});

test('a shutdown is remembered, and an invitation to shadow is given', async () => {
  await hostWith({});
  await tstool(host, host.users.tsadmin, 'shutdown', '-logoff', '-reboot');
  expect((await host.worldNow()).shutdowns).toEqual([0x5]);
  const invitation = `${host.directory}/invitation`;
  const shadow = ['shadow', '-session', '2', '-file', invitation];
  await tstool(host, host.users.tsadmin, ...shadow);
  expect(readFileSync(invitation, 'utf8')).toContain('<A KH="usher-lab" ID="session-2"');
  await host.change({ session: { id: 2, shadowAnswer: 1 } });
  const declined = await tstool(host, host.users.tsadmin, ...shadow);
  expect(declined.stdout).toContain('SHADOW_REQUEST_RESPONSE_DECLINE');
});

test('what a test changes is told to who waits for notifications', async () => {
  await hostWith({});
  const watching = client(host, host.users.plain, 'watch', '8');
  await until(() => host.log().some(({ call }) => call === 'TermSrvNotification.RpcRegisterAsyncNotification'));
  const { outcomes } = await host.change({ logon: { user: 'bob' } }, { lock: 2 }, { disconnect: 2 });
  expect(outcomes).toEqual([13, null, null]);
  await host.change({ reconnect: 2 }, { unlock: 2 }, { input: 2 }, { session: { id: 2, locked: true } });
  await host.change({ replace: { id: 3, user: 'carol' } });
  const { stdout } = await watching;
  expect(stdout.trim().split('\n').slice(1, 9)).toEqual([
    '13 WTS_NOTIFY_CREATE',
    '13 WTS_NOTIFY_CONNECT',
    '13 WTS_NOTIFY_LOGON',
    '2 WTS_NOTIFY_LOCK',
    '2 WTS_NOTIFY_DISCONNECT',
    '2 WTS_NOTIFY_CONNECT',
    '2 WTS_NOTIFY_UNLOCK',
    '3 WTS_NOTIFY_TERMINATE',
  ]);
  expect(await session(3)).toMatchObject({ user: 'carol', state: 'active' });
  expect(await session(2)).toMatchObject({ locked: true, state: 'active' });
});
