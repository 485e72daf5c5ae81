import { expect, test } from 'vitest';
import { mustRun, runCommand } from './harness/command.ts';
import type { CommandResult } from './harness/command.ts';
import { until } from './harness/until.ts';
import { keys } from './windows/simulated/calls.ts';
import { type SimulatedHost, startSimulatedHost, user } from './windows/simulated/host.ts';
import type { OpenPipe } from '../../src/wire/smb/server/pipe.ts';
import { startRelay } from './windows/relay.ts';

const dialects = ['SMB2_02', 'SMB2_10', 'SMB3_00', 'SMB3_02', 'SMB3_11'] as const;
const account = `${user.domain}\\${user.name}%${user.password}`;

interface How {
  readonly port: number;
  readonly dialect?: string;
  readonly protection?: 'sign' | 'encrypt';
  readonly options?: readonly string[];
  readonly account?: string;
}

function samba(program: 'smbclient' | 'rpcclient', target: string, how: How, command: string): Promise<CommandResult> {
  const { port, dialect = 'SMB3_11', protection = 'sign', options = [] } = how;
  const settings = [`client min protocol=${dialect}`, `client max protocol=${dialect}`, ...options];
  const args = [target, '-p', String(port), '-U', how.account ?? account, `--client-protection=${protection}`];
  return runCommand(program, [...args, ...settings.map((setting) => `--option=${setting}`), '-c', command]);
}

const smbclient = (how: How, share = 'IPC$', command = 'exit'): Promise<CommandResult> =>
  samba('smbclient', `//127.0.0.1/${share}`, how, command);
/** Reads a key's name over the pipe winreg. */
const rpcclient = (how: How): Promise<CommandResult> => samba('rpcclient', '127.0.0.1', how, 'winreg_enumkey HKLM');

const anna = { user: user.name, domain: user.domain };
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** What was said to the host, and whether it was in the open. */
async function throughRelay(host: SimulatedHost, act: (port: number) => Promise<CommandResult>) {
  await using relay = await startRelay(host.port);
  const { code, stderr } = await act(relay.port);
  return { code, stderr, isOpen: relay.asked().includes(utf16('winreg')) };
}

test.each(dialects)("Samba's clients log on in %s and read the registry, signed", async (dialect) => {
  await using host = await startSimulatedHost({ signing: 'required' });
  expect(await smbclient({ port: host.port, dialect })).toMatchObject({ code: 0 });
  const asked = await throughRelay(host, (port) => rpcclient({ port, dialect }));
  expect(asked).toMatchObject({ code: 0, isOpen: true });
  expect(host.accounts).toMatchObject([anna]);
});

test.each(dialects.slice(2))("Samba's clients log on in %s and read the registry, encrypted", async (dialect) => {
  await using host = await startSimulatedHost({ encryption: 'required' });
  expect(await smbclient({ port: host.port, dialect, protection: 'encrypt' })).toMatchObject({ code: 0 });
  const asked = await throughRelay(host, (port) => rpcclient({ port, dialect, protection: 'encrypt' }));
  expect(asked).toMatchObject({ code: 0, isOpen: false });
  expect(host.accounts).toMatchObject([anna]);
});

test.each(['AES-128-CCM', 'AES-128-GCM', 'AES-256-CCM', 'AES-256-GCM'])(
  "Samba's client encrypts by %s",
  async (cipher) => {
    await using host = await startSimulatedHost({ encryption: 'desired' });
    const options = [`client smb3 encryption algorithms=${cipher}`];
    const asked = await throughRelay(host, (port) => rpcclient({ port, options, protection: 'encrypt' }));
    expect(asked).toMatchObject({ code: 0, isOpen: false });
  },
);

test.each(['HMAC-SHA256', 'AES-128-CMAC', 'AES-128-GMAC'])("Samba's client signs by %s", async (algorithm) => {
  await using host = await startSimulatedHost();
  const options = [`client smb3 signing algorithms=${algorithm}`];
  expect(await rpcclient({ port: host.port, options })).toMatchObject({ code: 0 });
});

test('a client that is told to encrypts, although it did not want to', async () => {
  await using host = await startSimulatedHost({ encryption: 'desired' });
  const asked = await throughRelay(host, (port) => rpcclient({ port }));
  expect(asked).toMatchObject({ code: 0, isOpen: false });
});

test('a client encrypts what a share demands to be encrypted', async () => {
  await using host = await startSimulatedHost({ encryptsPipes: true });
  const asked = await throughRelay(host, (port) => rpcclient({ port }));
  expect(asked).toMatchObject({ code: 0, isOpen: false });
});

test('a client that cannot encrypt is refused where encryption is required', async () => {
  await using host = await startSimulatedHost({ encryption: 'required' });
  const { code, stdout, stderr } = await smbclient({ port: host.port, dialect: 'SMB2_10' });
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain('NT_STATUS_ACCESS_DENIED');
});

test("Samba's RPC client reads the registry with what is sealed inside", async () => {
  await using host = await startSimulatedHost();
  const args = ['test/lab/windows/clients/samba_client.py', String(host.port), user.name, user.password, 'winreg'];
  const { code, stdout } = await runCommand('/usr/bin/python3', [...args, 'spnego,seal']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '5\n' });
});

test.each([0x0202, 0x0210, 0x0300, 0x0311, null])('impacket reads the registry in dialect %s', async (dialect) => {
  await using host = await startSimulatedHost();
  const args = ['test/lab/windows/clients/registry.py', String(host.port), user.name, user.password];
  const stdout = await mustRun(await python(), [...args, ...(dialect === null ? [] : [String(dialect)])]);
  expect(JSON.parse(stdout)).toEqual({ dialect: dialect ?? 0x0311, keys });
  expect(host.accounts).toMatchObject([{ user: user.name, domain: user.domain }]);
});

test('tstool.py logs a session off', async () => {
  await using host = await startSimulatedHost();
  const target = `${user.domain}/${user.name}:${user.password}@127.0.0.1`;
  const args = ['test/lab/windows/clients/tstool.py', String(host.port), target, 'logoff', '-session', '2'];
  expect(await mustRun(await python(), args)).toContain('Signing-out SessionID: 2 ...OK');
  expect(host.loggedOff).toEqual([2]);
});

test.each(dialects)('a wrong password is refused in %s', async (dialect) => {
  await using host = await startSimulatedHost();
  const wrong = `${user.domain}\\${user.name}%${user.password}!`;
  const { code, stdout, stderr } = await smbclient({ port: host.port, dialect, account: wrong });
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain('NT_STATUS_LOGON_FAILURE');
});

test.each([
  'smb2.credits',
  'smb2.compound.related1',
  'smb2.compound.unrelated1',
  'smb2.compound.invalid1',
  'smb2.compound.invalid2',
  'smb2.compound.invalid3',
  'smb2.session.two_logoff',
  'smb2.session.ntlmssp_bug14932',
  'smb2.session-require-signing',
])("Samba's own tests of servers pass: %s", async (suite) => {
  // They were written for files: here every name is a pipe.
  const signing = suite.endsWith('require-signing') ? 'required' : 'enabled';
  const openPipe: OpenPipe = ({ client }) => ({ receive: (message) => client.send(message), end: () => {} });
  await using host = await startSimulatedHost({ openPipe, hasPipe: () => true, signing });
  const options = ['-p', String(host.port), '-U', account, '--option=client min protocol=SMB2_02'];
  const { code, stdout } = await runCommand('smbtorture', ['//127.0.0.1/IPC$', ...options, suite]);
  expect({ code, failures: /^(failure|error): .*/mu.exec(stdout)?.[0] ?? null }).toEqual({ code: 0, failures: null });
  expect(stdout).toMatch(/^success: /mu);
});

test.each([
  ['ADMIN$', 'NT_STATUS_ACCESS_DENIED'],
  ['data', 'NT_STATUS_BAD_NETWORK_NAME'],
])('the share %s is refused with %s', async (share, status) => {
  await using host = await startSimulatedHost();
  const { code, stdout, stderr } = await smbclient({ port: host.port }, share);
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(status);
});

/** A bit of what is asked is changed: so many bytes on from where these bytes are seen for the last time. */
async function tampered(host: SimulatedHost, where: Buffer, offset: number, how: Omit<How, 'port'>) {
  await using relay = await startRelay(host.port, {
    change(data, isAsked) {
      const at = isAsked ? data.lastIndexOf(where) : -1;
      if (at < 0) return data;
      const changed = Buffer.from(data);
      changed.writeUInt8(changed.readUInt8(at + offset) ^ 1, at + offset);
      return changed;
    },
  });
  return await rpcclient({ port: relay.port, ...how });
}

test('a request that was changed on its way opens nothing, and ends the connection', async () => {
  await using host = await startSimulatedHost();
  expect(await tampered(host, utf16('winreg'), 0, {})).not.toMatchObject({ code: 0 });
  expect(host.accounts).toEqual([]);
  await until(() => host.listener.connections === 0, { what: 'the end of the connection' });
});

test('an encrypted request that was changed on its way opens nothing, and ends the connection', async () => {
  await using host = await startSimulatedHost({ encryption: 'desired' });
  const transformHeader = Buffer.from('fd534d42', 'hex');
  const inCiphertext = 60;
  expect(await tampered(host, transformHeader, inCiphertext, { protection: 'encrypt' })).not.toMatchObject({ code: 0 });
  expect(host.accounts).toEqual([]);
  await until(() => host.listener.connections === 0, { what: 'the end of the connection' });
});

test.each(['SMB3_00', 'SMB3_02', 'SMB3_11'])('nobody changes what is negotiated in %s', async (dialect) => {
  await using host = await startSimulatedHost();
  const negotiate = Buffer.from('fe534d424000', 'hex');
  const clientGuid = 64 + 12;
  let isFirst = true;
  await using relay = await startRelay(host.port, {
    change(data, isAsked) {
      if (!isAsked || !isFirst || data.indexOf(negotiate) !== 4) return data;
      isFirst = false;
      const changed = Buffer.from(data);
      changed.writeUInt8(changed.readUInt8(4 + clientGuid) ^ 1, 4 + clientGuid);
      return changed;
    },
  });
  expect(await rpcclient({ port: relay.port, dialect })).not.toMatchObject({ code: 0 });
  expect(isFirst).toBe(false);
  expect(host.accounts).toEqual([]);
});

let found: Promise<string> | null = null;
/** The Python that has impacket. */
function python(): Promise<string> {
  found ??= mustRun('bash', ['test/lab/windows/python.sh'], { timeoutMs: 300_000 }).then((said) => said.trim());
  return found;
}
