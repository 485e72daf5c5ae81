import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { until } from './harness/until.ts';
import { tstool } from './windows/clients/peers.ts';
import { happened, startSimulatedHost } from './windows/simulated-host.ts';
import { worldSchema } from './windows/world.ts';
import type { WindowsHost } from './windows/windows-host.ts';

const home = mkdtempSync(`${tmpdir()}/usher-simulated-`);
const byAdmin = String.raw`by ORACLE\tsadmin over the network`;
const byPlain = String.raw`by ORACLE\plain over the network`;

let host: WindowsHost;

beforeEach(async () => {
  host = await startSimulatedHost({ policies: { Shadow: 2 }, sessionBehaviours: { 5: ['hangs-on-reset'] } });
});
afterEach(async () => {
  await host.stop();
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

/** What others made happen, without what was there before. */
const told = (): readonly string[] => happened(host).filter((line) => line.includes('over the network'));
const admin = (...args: readonly string[]) => tstool(host, host.users.tsadmin, ...args);

function pidOf(wanted: string, of = 2): string {
  const { processes } = worldSchema.parse(host.world());
  return String(processes.find(({ image, session }) => image === wanted && session === of)?.pid);
}

test('msg shows a message', async () => {
  expect((await admin('msg', '-session', '2', '-title', 'Größe', '-message', '再起動します')).stdout).toContain('OK');
  expect(told()).toEqual([`2 message done ${byAdmin}`, `2 message-shown ${byAdmin}`]);
});

test('tsdiscon disconnects', async () => {
  expect((await admin('tsdiscon', '-session', '2')).stdout).toContain('OK');
  expect(told()).toEqual([`2 disconnect done ${byAdmin}`, `2 disconnected ${byAdmin}`]);
});

test('tscon gives a client to another session', async () => {
  expect((await admin('tscon', '-source', '3', '-dest', '2')).stdout).toContain('OK');
  expect(told()).toEqual([`3 connect done ${byAdmin}`, `2 disconnected ${byAdmin}`, `3 connected ${byAdmin}`]);
});

test('logoff logs off', async () => {
  expect((await admin('logoff', '-session', '4')).stdout).toContain('OK');
  expect(told()).toEqual([`4 logoff done ${byAdmin}`, `4 logged-off ${byAdmin}`, `4 ended logoff ${byAdmin}`]);
});

test('taskkill ends a program, and with its winlogon the session', async () => {
  expect((await admin('taskkill', '-pid', pidOf('EXCEL.EXE'))).stdout).toContain('OK');
  expect((await admin('taskkill', '-pid', pidOf('winlogon.exe'))).stdout).toContain('OK');
  expect(told()).toEqual([
    `2 terminate done ${byAdmin}`,
    `2 process-ended ${byAdmin}`,
    `2 terminate done ${byAdmin}`,
    `2 process-ended ${byAdmin}`,
    `2 collapse done ${byAdmin}`,
    `2 logged-off ${byAdmin}`,
    `2 ended logon-process-killed ${byAdmin}`,
  ]);
});

test('taskkill ends no protected process', async () => {
  expect((await admin('taskkill', '-pid', pidOf('csrss.exe'))).stdout).toContain('FAIL');
  expect(told()).toEqual([`2 terminate refused: protected-process ${byAdmin}`]);
});

test('shadow gets an invitation', async () => {
  const file = `${home}/invitation`;
  expect((await admin('shadow', '-session', '2', '-file', file)).stdout).toContain('Invitation is well-formed XML');
  expect(readFileSync(file, 'utf8')).toMatch(/^<E><A .*<\/E>$/);
  expect(told()).toEqual([`2 shadow done ${byAdmin}`]);
});

test('shutdown takes the host down, and with -reboot up again', async () => {
  expect((await admin('shutdown', '-reboot')).stdout).toContain('OK');
  await until(() => happened(host).filter((line) => line.includes('booted')).length === 2);
  expect(told()).toContain(`host went-down ${byAdmin}`);
  expect((await admin('qwinsta')).stdout).not.toContain('alice');
});

test('every verb is refused to a plain user, but for his own session', async () => {
  const { plain } = host.users;
  for (const verb of ['logoff', 'tsdiscon']) await tstool(host, plain, verb, '-session', '2');
  await tstool(host, plain, 'msg', '-session', '2', '-message', 'x');
  await tstool(host, plain, 'tscon', '-source', '3', '-dest', '2');
  await tstool(host, plain, 'taskkill', '-pid', pidOf('EXCEL.EXE'));
  await tstool(host, plain, 'shadow', '-session', '2', '-file', `${home}/none`);
  await tstool(host, plain, 'shutdown', '-reboot');
  expect(told()).toEqual([]);
  await tstool(host, plain, 'logoff', '-session', '6');
  expect(told()).toContain(`6 ended logoff ${byPlain}`);
});

test('logoff comes to nothing where a session hangs on it, until its logon process is killed', async () => {
  const hangs = /ORACLE\\a-name-of-more-than/;
  expect((await admin('logoff', '-session', '5')).stdout).toContain('OK');
  expect((await admin('qwinsta')).stdout).toMatch(hangs);
  await admin('taskkill', '-pid', pidOf('winlogon.exe', 5));
  expect((await admin('qwinsta')).stdout).not.toMatch(hangs);
  expect(told()).toContain(`5 logoff without-effect ${byAdmin}`);
});
