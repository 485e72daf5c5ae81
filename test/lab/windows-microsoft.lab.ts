import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { usher } from './harness/usher.ts';
import { urlOf } from './windows/driver.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost, WindowsUser } from './windows/windows-host.ts';

let host: WindowsHost;
let home: string;

beforeEach(async () => {
  home = mkdtempSync(`${tmpdir()}/usher-home-`);
  host = await startWindowsHost({ world: 'small' });
});
afterEach(async () => {
  await host.stop();
  rmSync(home, { recursive: true });
});

/** A command of Microsoft's at the host, as an administrator. */
const run = (...words: readonly string[]) => runAs(host.users.tsadmin, words);

function runAs(user: WindowsUser, words: readonly string[]) {
  const args = [...words, `/server:${urlOf(host, user)}`];
  return usher({ home }, args, { env: { USHER_PASSWORD: user.password, TZ: 'UTC' } });
}

const sessionNow = async (wanted: number) => (await host.worldNow()).sessions.find(({ id }) => id === wanted);

test('qwinsta lists every session and listener in its columns', async () => {
  const { code, stdout } = await run('qwinsta');
  expect([code, stdout.split('\n')]).toEqual([
    0,
    [
      ' SESSIONNAME       USERNAME                 ID  STATE   TYPE        DEVICE ',
      ' Services                                    0  Disc                        ',
      ' Console                                     1  Conn                        ',
      ' RDP-Tcp#0         alice                     2  Active                      ',
      '                   Jürgen Weiß               3  Disc                        ',
      ' RDP-Tcp#12        山田太郎                  4  Active                      ',
      ' ICA-TCP#5         maximiliana.oberh...      7  Active                      ',
      ' RDP-Tcp#20        Алексей😀                11  Active                      ',
      ' RDP-Tcp#21        plain                    12  Active                      ',
      ' RDP-Tcp                                 65536  Listen                      ',
      ' ICA-TCP                                 65537  Listen                      ',
      ' 31C5CE94259D4...                        65538  Down                        ',
      '',
    ],
  ]);
});

test('quser tells who is logged on, since when, and idle for how long', async () => {
  const { stdout } = await run('quser');
  const [header, ...rows] = stdout.trimEnd().split('\n');
  expect(header).toBe(' USERNAME              SESSIONNAME        ID  STATE   IDLE TIME  LOGON TIME');
  expect(rows.length).toBe(6);
  expect(rows[0]).toMatch(/^ alice {17}RDP-Tcp#0 {11}2 {2}Active {10}\d {2}3\/1\/2026 7:55 AM$/);
});

test('qprocess finds who runs a program', async () => {
  const { stdout } = await run('qprocess', 'excel.exe');
  expect(stdout.split('\n')).toEqual([
    ' USERNAME              SESSIONNAME         ID    PID  IMAGE',
    ' alice                 RDP-Tcp#0            2   2016  EXCEL.EXE',
    '',
  ]);
});

test('tsdiscon, rwinsta and tskill do what they say', async () => {
  await run('qwinsta');
  expect((await run('tskill', 'excel', '/id:2')).code).toBe(0);
  expect((await host.worldNow()).processes.some(({ image }) => image === 'EXCEL.EXE')).toBe(false);
  expect((await run('tsdiscon', '2')).code).toBe(0);
  expect(await sessionNow(2)).toMatchObject({ user: 'alice', state: 'disconnected' });
  const { code, stdout } = await run('reset', 'session', '2', '/v');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/ended: gone, re-read/)]);
  expect(await sessionNow(2)).toBeUndefined();
});

test('an id that was alice when it was listed and is someone else by now is left alone', async () => {
  await run('qwinsta');
  await host.change({ replace: { id: 2, user: 'mallory', domain: 'ORACLE', name: 'RDP-Tcp#0', state: 'active' } });
  const { code, stderr } = await run('logoff', '2');
  expect(stderr).toMatch(/id 2 was ORACLE\\alice at \d\d:\d\d, now ORACLE\\mallory: nothing was done/);
  expect(code).toBe(4);
  expect(await sessionNow(2)).toMatchObject({ user: 'mallory' });
  expect(host.log().filter(({ call }) => call === 'TermSrvSession.RpcLogoff')).toEqual([]);
});

test('msg leaves its box without /w, and hears the answer with it', async () => {
  const began = performance.now();
  const left = await run('msg', '4', '/time:30', 'Bitte', 'speichern');
  expect([left.code, left.stdout]).toEqual([0, expect.stringContaining('shown: it stays on the screen')]);
  expect(performance.now() - began).toBeLessThan(20_000);
  await host.change({ session: { id: 2, answer: 1 } });
  const heard = await run('msg', 'alice', '/w', '/time:30', 'Please save');
  expect([heard.code, heard.stdout]).toEqual([0, expect.stringContaining('answered ok')]);
  const shown = host.log().filter(({ call }) => call === 'TermSrvSession.RpcShowMessageBox');
  expect(shown.map(({ request }) => request)).toMatchObject([
    { szMessage: 'Bitte speichern' },
    { szMessage: 'Please save' },
  ]);
});

test('change logon tells and sets who may log on', async () => {
  const { root } = host.users;
  expect((await runAs(root, ['change', 'logon', '/query'])).stdout).toBe('Session logins are currently ENABLED\n');
  expect((await runAs(root, ['change', 'logon', '/drain'])).code).toBe(0);
  expect((await runAs(root, ['chglogon', '/query'])).stdout).toMatch(/^New session logins are currently DISABLED/);
});
