import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ActTarget } from '../../src/hosts/act.ts';
import { until } from './harness/until.ts';
import { startUsher, usher } from './harness/usher.ts';
import type { CommandResult } from './harness/command.ts';
import { registryOf } from './windows/clients/peers.ts';
import { connectDriver, patience, urlOf } from './windows/driver.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost, WindowsUser } from './windows/windows-host.ts';

const home = mkdtempSync(`${tmpdir()}/usher-home-`);
let host: WindowsHost;

beforeEach(async () => {
  host = await startWindowsHost({ world: 'small', encrypt: 'required', requirePrivacy: true });
});
afterEach(() => host.stop());
afterAll(() => rmSync(home, { recursive: true }));

const envOf = (user: WindowsUser) => ({ env: { USHER_PASSWORD: user.password } });

/** Runs a command on the host, named after its first words. */
function run(words: readonly string[], user: WindowsUser = host.users.root): Promise<CommandResult> {
  return usher({ home }, [...words, '-s', urlOf(host, user)], envOf(user));
}

/** The same for commands that take hosts as arguments. */
function on(command: string, words: readonly string[], user: WindowsUser = host.users.root): Promise<CommandResult> {
  return usher({ home }, [command, urlOf(host, user), ...words], envOf(user));
}

const called = (call: string): readonly unknown[] =>
  host.log().flatMap((line) => (line.call === call ? [line.request] : []));

describe('usher listeners', () => {
  test('lists, stops and starts them', async () => {
    expect((await run(['listeners'])).stdout).toMatch(/ RDP-Tcp +listens\n/);
    const stopped = await run(['listeners', 'stop', 'rdp-tcp', '--yes', '--json']);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ hosts: [{ name: 'RDP-Tcp', outcome: 'stopped' }] });
    expect((await host.worldNow()).listeners).toContainEqual({ id: 65_536, name: 'RDP-Tcp', listening: false });
    expect((await run(['listeners', 'start', 'RDP-Tcp'])).code).toBe(0);
    expect((await host.worldNow()).listeners).toContainEqual({ id: 65_536, name: 'RDP-Tcp', listening: true });
  });

  test('refuses a user without the right, and ends with 4', async () => {
    const { code, stderr } = await run(['listeners', 'stop', 'RDP-Tcp', '--yes'], host.users.plain);
    expect(stderr).toContain('ERROR_ACCESS_DENIED');
    expect(code).toBe(4);
  });

  test('of a host with Remote Desktop switched off says how it is switched on', async () => {
    await using off = await startedWithout('TermSrv_API_service');
    const { code, stderr } = await usher(
      { home },
      ['listeners', '-s', urlOf(off.host, off.host.users.root)],
      envOf(off.host.users.root),
    );
    expect(stderr).toContain('fDenyTSConnections 0');
    expect(code).toBe(3);
  });
});

async function startedWithout(pipe: string): Promise<AsyncDisposable & { readonly host: WindowsHost }> {
  const all = ['LSM_API_service', 'TermSrv_API_service', 'Ctx_WinStation_API_service', 'SessEnvPublicRpc'] as const;
  const other = await startWindowsHost({ world: 'small', pipes: all.filter((one) => one !== pipe) });
  return { host: other, [Symbol.asyncDispose]: () => other.stop() };
}

test('usher drain sets what Samba reads in its registry, and tells it', async () => {
  const terminalServer = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server`;
  await registryOf(host, host.users.root, 'createkey', terminalServer);
  expect((await on('drain', ['until-restart'])).stdout).toContain('until-restart');
  const said = await registryOf(host, host.users.root, 'enumerate', terminalServer);
  expect(said).toMatch(/TSServerDrainMode\nType += REG_DWORD\nValue += 1\n/);
  const { stdout } = await on('drain', ['--json']);
  expect(JSON.parse(stdout)).toMatchObject({ hosts: [{ drain: 'until-restart' }], errors: [] });
});

describe('usher shutdown', () => {
  test('warns who is connected, asks, and says that it is down once it is', async () => {
    const words = ['shutdown', urlOf(host, host.users.root), '--warn', '2s', '--yes', '--json'];
    const running = startUsher({ home }, words, envOf(host.users.root));
    await until(() => called('IcaApi.RpcWinStationShutdownSystem').length > 0, { timeoutMs: 30_000 });
    const warned = called('TermSrvSession.RpcShowMessageBox').length;
    await host.stop();
    const code = await running.ended;
    expect(JSON.parse(running.output())).toMatchObject({
      hosts: [{ act: 'shutdown', outcome: 'down', unwarned: [] }],
      errors: [],
    });
    expect(code).toBe(0);
    expect(warned).toBe(5);
  });

  test('is refused to a user without the right, who may not send messages either', async () => {
    const { code, stderr } = await on('shutdown', ['--warn', '1s', '--yes'], host.users.plain);
    expect(stderr).toContain('could not be warned');
    expect(stderr).toContain('SeRemoteShutdownPrivilege');
    expect(code).toBe(4);
  });

  test('called off with Ctrl-C is not asked for, and those whose warning stays are told', async () => {
    const words = ['shutdown', urlOf(host, host.users.root), '--warn', '60s', '--yes'];
    const running = startUsher({ home }, words, envOf(host.users.root));
    await running.says(/5 of 5 users warned/);
    running.interrupt();
    const code = await running.ended;
    expect(running.output()).toContain('called off: no host was taken down');
    expect(code).toBe(130);
    // The host writes down a box once it is over: these are when the connection is.
    const titles = (): string => JSON.stringify(called('TermSrvSession.RpcShowMessageBox'));
    await until(() => titles().includes('"szTitle":"Called off"'));
    expect(called('IcaApi.RpcWinStationShutdownSystem')).toEqual([]);
  });
});

describe('usher shadow', () => {
  test('prints the invitation that the host makes', async () => {
    const { code, stdout } = await run(['shadow', 'alice', '--view-only']);
    expect(stdout).toMatch(/^<E><A KH="usher-lab" ID="session-2"\/>.*<\/E>\n$/);
    expect(called('SessEnvPublicRpc.RpcShadow2')).toMatchObject([{ eRequestControl: 0, eRequestPermission: 1 }]);
    expect(code).toBe(0);
  });

  test.each([
    [1, 'the user said no', 4],
    [3, 'forbids it', 4],
  ])('where the host answers %i says: %s', async (shadowAnswer, message, exit) => {
    await host.change({ session: { id: 2, shadowAnswer } });
    const { code, stderr, stdout } = await run(['shadow', 'alice']);
    expect(stderr).toContain(message);
    expect([stdout, code]).toEqual(['', exit]);
  });

  test('refuses a user without the right', async () => {
    const { code, stderr } = await run(['shadow', 'alice'], host.users.plain);
    expect(stderr).toContain('ACCESS_DENIED');
    expect(code).toBe(4);
  });

  test('of a session that another one has become by now asks nobody', async () => {
    await using connection = await connectDriver(host, host.users.root);
    const { sessions } = await connection.list(patience());
    const alice = sessions.find(({ user }) => user === 'alice');
    if (alice === undefined || connection.administration === null) throw new Error('there is no alice');
    await host.change({ replace: { id: alice.id, user: 'bob', domain: 'ORACLE' } });
    const target: ActTarget = { identity: alice.identity, id: alice.id, reason: null, traces: [] };
    const inviting = connection.administration.invitation(target, { control: false, ask: false }, patience());
    await expect(inviting).rejects.toMatchObject({ code: 'session_changed' });
    expect(called('SessEnvPublicRpc.RpcShadow2')).toEqual([]);
  });
});

test('usher connect gives a desktop to the client of another session', async () => {
  const { code, stdout } = await run(['connect', '3', '2', '--yes', '--json'], host.users.tsadmin);
  expect(JSON.parse(stdout)).toMatchObject({ acts: [{ id: 3, outcome: 'connected' }], errors: [] });
  expect(code).toBe(0);
  const { sessions } = await host.worldNow();
  expect(sessions.find(({ id }) => id === 3)).toMatchObject({ state: 'active', client: { name: 'PC-ALICE' } });
  expect(sessions.find(({ id }) => id === 2)).toMatchObject({ state: 'disconnected' });
});
