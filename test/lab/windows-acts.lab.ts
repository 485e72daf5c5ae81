import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from './harness/until.ts';
import { client, peerList, tstool } from './windows/clients/peers.ts';
import type { SeenSession } from './windows/clients/peers.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost } from './windows/windows-host.ts';

const active = 0;
const disconnected = 4;

let host: WindowsHost;

beforeEach(async () => {
  host = await startWindowsHost({ world: 'small' });
});
afterEach(async () => {
  await host.stop();
});

async function session(wanted: number): Promise<SeenSession | undefined> {
  const { sessions } = await peerList(host, host.users.tsadmin);
  return sessions.find(({ id }) => id === wanted);
}

async function processesOf(wanted: number): Promise<number> {
  const { processes } = await peerList(host, host.users.tsadmin);
  return processes.filter((process) => process.session === wanted).length;
}

test('tsdiscon takes the client away and leaves the programs', async () => {
  const before = await processesOf(2);
  await tstool(host, host.users.tsadmin, 'tsdiscon', '-session', '2');
  expect(await session(2)).toMatchObject({ state: disconnected, name: '', user: 'alice', client: null });
  expect(await processesOf(2)).toBe(before);
});

test('logoff ends the session with its processes', async () => {
  await tstool(host, host.users.tsadmin, 'logoff', '-session', '2');
  expect(await session(2)).toBeUndefined();
  expect(await processesOf(2)).toBe(0);
});

test('tscon gives the client of one session to another', async () => {
  await tstool(host, host.users.tsadmin, 'tscon', '-source', '3', '-dest', '2');
  expect(await session(3)).toMatchObject({ state: active, name: 'RDP-Tcp#0', client: { name: 'PC-ALICE' } });
  expect(await session(2)).toMatchObject({ state: disconnected, client: null });
});

test('taskkill ends a process, and with its winlogon the session', async () => {
  const { processes } = await peerList(host, host.users.tsadmin);
  const pidOf = (wanted: string): string => {
    const found = processes.find(({ image, session: of }) => image === wanted && of === 2);
    return String(found?.pid);
  };
  const before = await processesOf(2);
  await tstool(host, host.users.tsadmin, 'taskkill', '-pid', pidOf('EXCEL.EXE'));
  expect(await processesOf(2)).toBe(before - 1);
  await tstool(host, host.users.tsadmin, 'taskkill', '-pid', pidOf('winlogon.exe'));
  expect(await session(2)).toBeUndefined();
});

test('msg reaches the session it names', async () => {
  await tstool(host, host.users.tsadmin, 'msg', '-session', '4', '-title', 'Größe', '-message', '再起動します');
  const shown = host.log().filter(({ call }) => call === 'TermSrvSession.RpcShowMessageBox');
  expect(shown.map(({ request }) => request)).toMatchObject([{ szTitle: 'Größe', szMessage: '再起動します' }]);
});

test('a plain user may not act', async () => {
  await tstool(host, host.users.plain, 'logoff', '-session', '2');
  await tstool(host, host.users.plain, 'taskkill', '-pid', '2012');
  expect(await session(2)).toMatchObject({ state: active });
  expect(host.log().flatMap(({ Return: returned }) => (returned === 0x80070005 ? ['denied'] : []))).toEqual(['denied']);
});

test('who waits for notifications is told what happens, in order', async () => {
  const watching = client(host, host.users.plain, 'watch', '3');
  await until(() => host.log().some(({ call }) => call === 'TermSrvNotification.RpcRegisterAsyncNotification'));
  await tstool(host, host.users.tsadmin, 'tsdiscon', '-session', '2');
  await tstool(host, host.users.tsadmin, 'logoff', '-session', '2');
  const { stdout } = await watching;
  expect(stdout.trim().split('\n')).toEqual([
    'watching',
    '2 WTS_NOTIFY_DISCONNECT',
    '2 WTS_NOTIFY_LOGOFF',
    '2 WTS_NOTIFY_TERMINATE',
  ]);
});

test('an answer does not wait for one that was asked for before it', async () => {
  const { stdout } = await client(host, host.users.tsadmin, 'overtaking');
  expect(stdout.trim()).toBe('4 3');
});
