import { afterEach, expect, test } from 'vitest';
import { runCommand } from './harness/command.ts';
import { peerList, sambaClient, tstool } from './windows/clients/peers.ts';
import { worldSchema } from './windows/world.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { Dialect, WindowsHost, WindowsHostOptions } from './windows/windows-host.ts';

const integrity = 5;
const privacy = 6;

let host: WindowsHost | undefined;

afterEach(async () => {
  await host?.stop();
});

async function started(options: WindowsHostOptions): Promise<WindowsHost> {
  host = await startWindowsHost(options);
  return host;
}

test.each([
  ['spnego,seal', privacy, 'negotiate'],
  ['spnego,sign', integrity, 'negotiate'],
])("Samba's own client logs on inside RPC with %s", async (options, level, auth) => {
  const plain = await started({});
  const { stdout } = await sambaClient(plain, plain.users.tsadmin, 'LSM_API_service', options);
  expect(stdout).toBe('604\n');
  expect(plain.log()).toContainEqual(expect.objectContaining({ logon: 'tsadmin', level, auth }));
});

test('a host that demands privacy serves only sealed calls', async () => {
  const demanding = await started({ requirePrivacy: true });
  const outcomes = ['none', 'spnego,sign', 'spnego,seal'].map(async (options) => {
    const { code } = await sambaClient(demanding, demanding.users.tsadmin, 'LSM_API_service', options);
    return code === 0;
  });
  expect(await Promise.all(outcomes)).toEqual([false, false, true]);
});

test.each<[Dialect, number]>([
  ['SMB2_10', 0x0210],
  ['SMB3_00', 0x0300],
  ['SMB3_02', 0x0302],
  ['SMB3_11', 0x0311],
])('a host speaks %s and nothing newer', async (maxProtocol, dialect) => {
  const old = await started({ maxProtocol, encrypt: 'off' });
  expect(await peerList(old, old.users.tsadmin)).toMatchObject({ dialect });
});

test('a host that demands encryption is listed by a client that can', async () => {
  const demanding = await started({ encrypt: 'required' });
  expect(await peerList(demanding, demanding.users.tsadmin)).toMatchObject({ dialect: 0x0311 });
});

test('with Remote Desktop switched off a pipe is missing, and the list still comes', async () => {
  const off = await started({ pipes: ['LSM_API_service', 'Ctx_WinStation_API_service'] });
  const { sessions, withoutTermSrv } = await peerList(off, off.users.tsadmin);
  expect(sessions).toHaveLength(7);
  expect(withoutTermSrv).toContain('STATUS_OBJECT_NAME_NOT_FOUND');
});

test('small fragments carry the same list', async () => {
  const small = await started({ fragment: 256 });
  const { sessions, processes } = await peerList(small, small.users.tsadmin);
  const world = worldSchema.parse(small.world());
  expect(sessions.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 7, 12]);
  expect(processes.map(({ pid }) => pid)).toEqual(world.processes.map(({ pid }) => pid));
});

test('an older host faults at a method that it does not know', async () => {
  const older = await started({ absent: ['TermSrvEnumeration.RpcGetEnumResult'] });
  const { stdout } = await tstool(older, older.users.tsadmin, 'qwinsta');
  expect(stdout).toContain('nca_s_op_rng_error');
});

test('a fault strikes the session that it is planned for', async () => {
  const faulty = await started({ faults: [{ call: 'TermSrvSession.RpcOpenSession', session: 2, fault: 5 }] });
  await tstool(faulty, faulty.users.tsadmin, 'logoff', '-session', '2');
  await tstool(faulty, faulty.users.tsadmin, 'logoff', '-session', '4');
  const { sessions } = await peerList(faulty, faulty.users.tsadmin);
  expect(sessions.map(({ id }) => id)).toEqual([0, 1, 2, 3, 7, 12]);
});

test('a call that hangs leaves the pipe open for others', async () => {
  const hanging = await started({ faults: [{ call: 'TermSrvSession.RpcShowMessageBox', hang: true }] });
  const args = [String(hanging.port), hanging.users.tsadmin.name, hanging.users.tsadmin.password];
  const { code } = await runCommand(hanging.python, ['test/lab/windows/clients/overtaking.py', ...args], {
    timeoutMs: 5_000,
  });
  expect(code).toBeNull();
  const types = hanging
    .log()
    .filter(({ call, Return: returned }) => call?.endsWith('GetSessionType') && returned === 0);
  expect(types).toHaveLength(1);
});

test.each([
  ['winreg', '5\n'],
  ['srvsvc', 'ORACLE\n'],
])("smbd's own %s is there, sealed with SPNEGO", async (pipe, answer) => {
  const plain = await started({});
  const { stdout, stderr } = await sambaClient(plain, plain.users.tsadmin, pipe, 'spnego,seal');
  expect({ stdout, stderr }).toEqual({ stdout: answer, stderr: '' });
});
