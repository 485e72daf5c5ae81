import { expect, test } from 'vitest';
import { runCommand } from './harness/command.ts';
import type { CommandResult } from './harness/command.ts';
import { until } from './harness/until.ts';
import { client, peerList, sambaClient, tstool } from './windows/clients/peers.ts';
import { connectDriver, patience } from './windows/driver.ts';
import { type EstateHost, startEstateHost, users } from './windows/estate-host.ts';
import type { OpenPipe } from '../../src/wire/smb/server/pipe.ts';
import { startRelay } from './windows/relay.ts';
import type { WindowsUser } from './windows/windows-host.ts';

const dialects = ['SMB2_02', 'SMB2_10', 'SMB3_00', 'SMB3_02', 'SMB3_11'] as const;
const { tsadmin, plain } = users;
const textOf = ({ domain, name, password }: WindowsUser): string => `${domain}\\${name}%${password}`;
const account = textOf(tsadmin);

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
/** Reads the name of the registry's first key, into room for as long a name as is given. */
const rpcclient = (how: How): Promise<CommandResult> => samba('rpcclient', '127.0.0.1', how, 'winreg_enumkey SOFTWARE');

/** What a host was asked that was asked for a key. */
const asked = ['OpenLocalMachine', 'BaseRegEnumKey'].map((call) => `${tsadmin.name} ${call}`);
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** What was said to the host, and whether it was in the open. */
async function throughRelay(host: EstateHost, act: (port: number) => Promise<CommandResult>) {
  await using relay = await startRelay(host.port);
  const { code, stderr } = await act(relay.port);
  return { code, stderr, isOpen: relay.asked().includes(utf16('winreg')) };
}

test.each(dialects)("Samba's clients log on in %s and read the registry, signed", async (dialect) => {
  await using host = await startEstateHost({ signing: 'required' });
  expect(await smbclient({ port: host.port, dialect })).toMatchObject({ code: 0 });
  const said = await throughRelay(host, (port) => rpcclient({ port, dialect }));
  expect(said).toMatchObject({ code: 0, isOpen: true });
  expect(host.calls).toEqual(asked);
});

test.each(dialects.slice(2))("Samba's clients log on in %s and read the registry, encrypted", async (dialect) => {
  await using host = await startEstateHost({ encryption: 'required' });
  expect(await smbclient({ port: host.port, dialect, protection: 'encrypt' })).toMatchObject({ code: 0 });
  const said = await throughRelay(host, (port) => rpcclient({ port, dialect, protection: 'encrypt' }));
  expect(said).toMatchObject({ code: 0, isOpen: false });
  expect(host.calls).toEqual(asked);
});

test.each(['AES-128-CCM', 'AES-128-GCM', 'AES-256-CCM', 'AES-256-GCM'])(
  "Samba's client encrypts by %s",
  async (cipher) => {
    await using host = await startEstateHost({ encryption: 'desired' });
    const options = [`client smb3 encryption algorithms=${cipher}`];
    const said = await throughRelay(host, (port) => rpcclient({ port, options, protection: 'encrypt' }));
    expect(said).toMatchObject({ code: 0, isOpen: false });
  },
);

test.each(['HMAC-SHA256', 'AES-128-CMAC', 'AES-128-GMAC'])("Samba's client signs by %s", async (algorithm) => {
  await using host = await startEstateHost();
  const options = [`client smb3 signing algorithms=${algorithm}`];
  expect(await rpcclient({ port: host.port, options })).toMatchObject({ code: 0 });
});

test('a client that is told to encrypts, although it did not want to', async () => {
  await using host = await startEstateHost({ encryption: 'desired' });
  const said = await throughRelay(host, (port) => rpcclient({ port }));
  expect(said).toMatchObject({ code: 0, isOpen: false });
});

test('a client encrypts what a share demands to be encrypted', async () => {
  await using host = await startEstateHost({ encryptsPipes: true });
  const said = await throughRelay(host, (port) => rpcclient({ port }));
  expect(said).toMatchObject({ code: 0, isOpen: false });
});

test('a client that cannot encrypt is refused where encryption is required', async () => {
  await using host = await startEstateHost({ encryption: 'required' });
  const { code, stdout, stderr } = await smbclient({ port: host.port, dialect: 'SMB2_10' });
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain('NT_STATUS_ACCESS_DENIED');
});

test("Samba's RPC client reads the registry with what is sealed inside", async () => {
  await using host = await startEstateHost();
  expect(await sambaClient(host, tsadmin, 'winreg', 'spnego,seal')).toMatchObject({ code: 0, stdout: '5\n' });
});

test.each([0x0202, 0x0210, 0x0300, 0x0311, null])('impacket reads the registry in dialect %s', async (dialect) => {
  await using host = await startEstateHost();
  const { stdout } = await client(host, tsadmin, 'registry', ...(dialect === null ? [] : [String(dialect)]));
  expect(JSON.parse(stdout)).toEqual({ dialect: dialect ?? 0x0311, keys: ['SOFTWARE', 'SYSTEM'] });
});

test('impacket lists sessions and processes over its own SMB', async () => {
  await using host = await startEstateHost();
  const { dialect, sessions, processes } = await peerList(host, tsadmin);
  expect(dialect).toBe(0x0311);
  expect(sessions.map(({ id }) => id)).toEqual(expect.arrayContaining([...host.host.sessions.keys()]));
  expect(processes.map(({ pid }) => pid)).toEqual([...host.host.processes.keys()]);
});

test('tstool.py lists sessions and processes, and logs a session off', async () => {
  await using host = await startEstateHost();
  const [alice] = host.host.allSessions().filter(({ account: whose }) => whose?.name === 'alice');
  expect((await tstool(host, tsadmin, 'qwinsta', '-v')).stdout).toMatch(/\\alice +2 +Active/u);
  expect((await tstool(host, tsadmin, 'tasklist')).stdout).toContain('EXCEL.EXE');
  const { stdout } = await tstool(host, tsadmin, 'logoff', '-session', String(alice?.id));
  expect(stdout).toContain(`Signing-out SessionID: ${alice?.id} ...OK`);
  expect(host.host.sessions.has(alice?.id ?? 0)).toBe(false);
});

test('usher lists what is there', async () => {
  await using host = await startEstateHost();
  await using connection = await connectDriver(host, tsadmin);
  const { sessions } = await connection.list(patience());
  expect(sessions.flatMap(({ user }) => user ?? [])).toEqual([
    'alice',
    'Jürgen Weiß',
    '佐藤 春香',
    'a-name-of-more-than-twenty-characters',
    'plain',
  ]);
});

test.each(dialects)('a wrong password is refused in %s', async (dialect) => {
  await using host = await startEstateHost();
  const wrong = `${account}!`;
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
  await using host = await startEstateHost({ openPipe, hasPipe: () => true, signing });
  const options = ['-p', String(host.port), '-U', account, '--option=client min protocol=SMB2_02'];
  const { code, stdout } = await runCommand('smbtorture', ['//127.0.0.1/IPC$', ...options, suite]);
  expect({ code, failures: /^(failure|error): .*/mu.exec(stdout)?.[0] ?? null }).toEqual({ code: 0, failures: null });
  expect(stdout).toMatch(/^success: /mu);
});

test.each([
  ['ADMIN$', plain, 'NT_STATUS_ACCESS_DENIED'],
  ['data', tsadmin, 'NT_STATUS_BAD_NETWORK_NAME'],
])('the share %s is refused with %s', async (share, user, status) => {
  await using host = await startEstateHost();
  const { code, stdout, stderr } = await smbclient({ port: host.port, account: textOf(user) }, share);
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(status);
});

test('an administrator is let into ADMIN$', async () => {
  await using host = await startEstateHost();
  expect(await smbclient({ port: host.port }, 'ADMIN$')).toMatchObject({ code: 0 });
});

/** A bit of what is asked is changed: so many bytes on from where these bytes are seen for the last time. */
async function tampered(host: EstateHost, where: Buffer, offset: number, how: Omit<How, 'port'>) {
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
  await using host = await startEstateHost();
  expect(await tampered(host, utf16('winreg'), 0, {})).not.toMatchObject({ code: 0 });
  expect(host.calls).toEqual([]);
  await until(() => host.listener.connections === 0, { what: 'the end of the connection' });
});

test('an encrypted request that was changed on its way opens nothing, and ends the connection', async () => {
  await using host = await startEstateHost({ encryption: 'desired' });
  const transformHeader = Buffer.from('fd534d42', 'hex');
  const inCiphertext = 60;
  expect(await tampered(host, transformHeader, inCiphertext, { protection: 'encrypt' })).not.toMatchObject({ code: 0 });
  expect(host.calls).toEqual([]);
  await until(() => host.listener.connections === 0, { what: 'the end of the connection' });
});

test.each(['SMB3_00', 'SMB3_02', 'SMB3_11'])('nobody changes what is negotiated in %s', async (dialect) => {
  await using host = await startEstateHost();
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
  expect(host.calls).toEqual([]);
});
