import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { termSrvEnumeration } from '../../src/wire/ms-tsts/interfaces.ts';
import { getAllSessionsEx } from '../../src/wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import { ciphers, signingAlgorithms } from '../../src/wire/smb/keys/algorithms.ts';
import { listing, usher } from './harness/usher.ts';
import { connectDriver, connectSmb, openPipe, patience, urlOf } from './windows/driver.ts';
import { startRelay } from './windows/relay.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { Dialect, SmbdSession, WindowsHost, WindowsHostOptions } from './windows/windows-host.ts';

const home = mkdtempSync(`${tmpdir()}/usher-home-`);
afterAll(() => rmSync(home, { recursive: true }));

/** Hosts that are there for all tests of a block, each under a name. */
function hosts<Name extends string>(wanted: Readonly<Record<Name, WindowsHostOptions>>): (name: Name) => WindowsHost {
  const up = new Map<string, WindowsHost>();
  beforeAll(async () => {
    const starting = Object.entries<WindowsHostOptions>(wanted).map(async ([name, options]) => {
      up.set(name, await startWindowsHost(options));
    });
    await Promise.all(starting);
  });
  afterAll(async () => {
    await Promise.all([...up.values()].map((host) => host.stop()));
  });
  return (name) => {
    const host = up.get(name);
    if (host === undefined) throw new Error(`the host ${name} did not start`);
    return host;
  };
}

/** What smbd says of the connection while a list is read through a relay, and what the relay saw. */
async function overheard(host: WindowsHost): Promise<{ readonly smbd: readonly SmbdSession[]; readonly wire: Buffer }> {
  await using relay = await startRelay(host.port);
  await using connection = await connectDriver(relay, host.users.tsadmin);
  const { sessions } = await connection.list(patience());
  expect(sessions.map(({ user }) => user)).toContain('alice');
  return { smbd: await host.smbdSessions(), wire: relay.carried() };
}

const contains = (wire: Buffer, text: string): boolean => wire.includes(Buffer.from(text, 'utf16le'));

describe('every dialect', () => {
  const host = hosts<Dialect>({
    // An smbd that speaks SMB 2 alone offers encryption if it is told to, and then breaks off.
    SMB2_02: { encrypt: 'off', maxProtocol: 'SMB2_02' },
    SMB2_10: { encrypt: 'off', maxProtocol: 'SMB2_10' },
    SMB3_00: { maxProtocol: 'SMB3_00' },
    SMB3_02: { maxProtocol: 'SMB3_02' },
    SMB3_11: { minProtocol: 'SMB3_11', maxProtocol: 'SMB3_11' },
  });

  test.each<[Dialect, string, string]>([
    ['SMB2_02', 'HMAC-SHA256', '-'],
    ['SMB2_10', 'HMAC-SHA256', '-'],
    ['SMB3_00', 'AES-128-CMAC', 'AES-128-CCM'],
    ['SMB3_02', 'AES-128-CMAC', 'AES-128-CCM'],
    ['SMB3_11', 'AES-128-GMAC', 'AES-128-GCM'],
  ])('%s is spoken, with NTLMv2, signed with %s, encrypted with %s', async (dialect, signing, encryption) => {
    const { smbd, wire } = await overheard(host(dialect));
    expect(smbd).toEqual([
      {
        username: 'tsadmin',
        session_dialect: dialect,
        signing: { cipher: signing, degree: 'full' },
        encryption: { cipher: encryption, degree: encryption === '-' ? 'none' : 'full' },
      },
    ]);
    expect(host(dialect).logons()).toEqual([
      expect.objectContaining({ clientAccount: 'tsadmin', status: 'NT_STATUS_OK', passwordType: 'NTLMv2' }),
    ]);
    expect(contains(wire, 'LSM_API_service')).toBe(encryption === '-');
    expect(contains(wire, 'alice')).toBe(false);
  });
});

describe('SMB 3.1.1', () => {
  const host = hosts({ strict: { encrypt: 'required', minProtocol: 'SMB3_11' }, signing: { encrypt: 'off' } });

  test.each(ciphers)('is encrypted with %s where that alone is offered', async (cipher) => {
    const { tsadmin } = host('strict').users;
    await using smb = await connectSmb(host('strict'), tsadmin, { ciphers: [cipher] });
    const lsm = await openPipe(smb, tsadmin, termSrvEnumeration);
    const { ppSessionData } = await lsm.call(getAllSessionsEx, { level: 1 }, { operation: 'listing' });
    expect([(await smb.ready).cipher, ppSessionData?.length]).toEqual([cipher, expect.any(Number)]);
  });

  test.each(signingAlgorithms)('is signed with %s where that alone is offered', async (algorithm) => {
    const { tsadmin } = host('signing').users;
    await using smb = await connectSmb(host('signing'), tsadmin, { signingAlgorithms: [algorithm] });
    const lsm = await openPipe(smb, tsadmin, termSrvEnumeration);
    await lsm.call(getAllSessionsEx, { level: 1 }, { operation: 'listing' });
    expect((await smb.ready).signingAlgorithm).toBe(algorithm);
  });
});

describe('encryption', () => {
  const host = hosts<'off' | 'required' | 'unsigned'>({
    off: { encrypt: 'off' },
    required: { encrypt: 'required', requirePrivacy: true },
    unsigned: { encrypt: 'off', signing: 'disabled', maxProtocol: 'SMB2_10' },
  });

  test('is done without where the host has it switched off, and what RPC carries is sealed all the same', async () => {
    const { smbd, wire } = await overheard(host('off'));
    expect(smbd).toMatchObject([{ encryption: { degree: 'none' } }]);
    expect(contains(wire, 'LSM_API_service')).toBe(true);
    expect(contains(wire, 'alice')).toBe(false);
  });

  test('hides even the names of pipes where the host demands it', async () => {
    const { smbd, wire } = await overheard(host('required'));
    expect(smbd).toMatchObject([{ encryption: { degree: 'full' } }]);
    expect(contains(wire, 'LSM_API_service')).toBe(false);
  });

  test('may be off where signing is no matter to the host: all is signed', async () => {
    const { smbd } = await overheard(host('unsigned'));
    expect(smbd).toMatchObject([{ signing: { degree: 'full' }, encryption: { degree: 'none' } }]);
  });

  test.each([
    ['integrity', 5],
    ['privacy', 6],
  ] as const)('of RPC is as asked for: %s', async (level, logged) => {
    const { tsadmin } = host('off').users;
    await using smb = await connectSmb(host('off'), tsadmin);
    const pipe = await openPipe(smb, tsadmin, termSrvEnumeration, level);
    const { ppSessionData } = await pipe.call(getAllSessionsEx, { level: 1 }, { operation: 'listing' });
    expect(ppSessionData).toHaveLength(7);
    const call = 'TermSrvEnumeration.RpcGetAllSessionsEx';
    expect(
      host('off')
        .log()
        .findLast((line) => line.call === call),
    ).toMatchObject({ level: logged });
  });

  test('that a host demands of RPC is missed by integrity alone', async () => {
    const { tsadmin } = host('required').users;
    await using smb = await connectSmb(host('required'), tsadmin);
    const pipe = await openPipe(smb, tsadmin, termSrvEnumeration, 'integrity');
    const refused = pipe.call(getAllSessionsEx, { level: 1 }, { operation: 'listing' });
    await expect(refused).rejects.toMatchObject({ code: 'access_denied' });
  });
});

describe('a wrong password', () => {
  const host = hosts<'one' | 'two' | 'three'>({ one: {}, two: {}, three: {} });
  const wrong = 'Wr0ng-Passw0rd!';
  const refused = { clientAccount: 'tsadmin', status: 'NT_STATUS_WRONG_PASSWORD' };

  test('is tried at one of several hosts, once, and is said nowhere', async () => {
    const all = [host('one'), host('two'), host('three')];
    const urls = all.map((one) => urlOf(one, one.users.tsadmin));
    const args = ['sessions', '--json', ...urls.flatMap((url) => ['-s', url])];
    const { code, stdout, stderr } = await usher({ home }, args, { env: { USHER_PASSWORD: wrong } });
    const { errors } = JSON.parse(stdout) as { errors: readonly { code: string }[] };
    expect(errors.map((error) => error.code).toSorted()).toEqual([
      'credential_rested',
      'credential_rested',
      'logon_failed',
    ]);
    expect(code).toBe(3);
    expect(all.flatMap((one) => one.logons())).toEqual([expect.objectContaining(refused)]);
    expect(all.flatMap((one) => one.log())).toEqual([]);
    expect(stdout + stderr).not.toContain(wrong);
  });

  test('of one host is tried once', async () => {
    const before = host('two').logons().length;
    const { errors } = await listing({ home }, [urlOf(host('two'), host('two').users.plain)], {
      env: { USHER_PASSWORD: wrong },
    });
    expect(errors).toMatchObject([{ code: 'logon_failed' }]);
    expect(host('two').logons().slice(before)).toEqual([
      expect.objectContaining({ clientAccount: 'plain', status: 'NT_STATUS_WRONG_PASSWORD' }),
    ]);
  });

  test('leaves hosts alone that take another account', async () => {
    const { errors, sessions } = await listing({ home }, [urlOf(host('three'), host('three').users.tsadmin)], {
      env: { USHER_PASSWORD: host('three').users.tsadmin.password },
    });
    expect(errors).toEqual([]);
    expect(sessions).not.toEqual([]);
  });
});
