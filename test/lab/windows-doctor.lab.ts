import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/hosts/finding.ts';
import { keys, listenerKey } from '../../src/hosts/windows/registry/keys.ts';
import { examine } from './windows/driver.ts';
import { writeRegistry } from './windows/registry.ts';
import { startRelay } from './windows/relay.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost, WindowsHostOptions } from './windows/windows-host.ts';

const wanted = {
  usual: {},
  older: { encrypt: 'off', maxProtocol: 'SMB2_10', signing: 'disabled' },
  smb1: { encrypt: 'off', minProtocol: 'NT1', maxProtocol: 'NT1' },
  demanding: { encrypt: 'required', maxProtocol: 'SMB2_10' },
  off: { pipes: ['LSM_API_service', 'Ctx_WinStation_API_service'] },
  fast: { clock: 420 },
  slow: { clock: -90 },
  withoutRegistry: { registry: false },
  withoutNtlm: { ntlm: false },
  refusing: { faults: [{ call: 'TermSrvEnumeration.RpcOpenEnum', fault: 0x0000_0005 }] },
  mute: { faults: [{ call: 'RCMPublic.RpcGetAllListeners', hang: true }] },
} as const satisfies Record<string, WindowsHostOptions>;

type Name = keyof typeof wanted;

const hosts = new Map<string, WindowsHost>();
beforeAll(async () => {
  for (const [name, options] of Object.entries<WindowsHostOptions>(wanted)) {
    hosts.set(name, await startWindowsHost(options));
  }
});
afterAll(async () => {
  await Promise.all([...hosts.values()].map((host) => host.stop()));
});

function host(name: Name): WindowsHost {
  const up = hosts.get(name);
  if (up === undefined) throw new Error(`the host ${name} did not start`);
  return up;
}

/** `pipe winreg` or `logon`: the finding of this check. */
const the = (findings: readonly Finding[], name: string): Finding | undefined =>
  findings.find(({ check, of }) => (of === null ? check : `${check} ${of}`) === name);

const pasted = (finding: Finding | undefined): string => (finding?.mends ?? []).map(({ paste }) => paste).join('\n');

const seen = async (name: Name, user: 'tsadmin' | 'plain' | 'root' = 'tsadmin'): Promise<readonly Finding[]> =>
  examine(host(name), host(name).users[user]);

describe('a host that does as it should', () => {
  test('is found so', async () => {
    const findings = await seen('usual');
    const amiss = findings.filter(({ check, verdict }) => verdict !== 'ok' && check !== 'right' && check !== 'limit');
    expect(amiss).toEqual([]);
    expect(the(findings, 'dialect')?.summary).toBe('SMB 3.1.1 is spoken');
    expect(the(findings, 'signing')?.details).toContain('the host requires it');
    expect(the(findings, 'logon')?.summary).toBe(String.raw`ORACLE\tsadmin is logged on, by NTLMv2`);
    expect(the(findings, 'sessions')?.summary).toBe('8 sessions listed, 6 of users');
  });

  test('is logged on to once over SMB, and nothing is done to it', async () => {
    const before = host('usual').logons().length;
    const from = host('usual').log().length;
    await seen('usual');
    expect(host('usual').logons().slice(before)).toMatchObject([{ status: 'NT_STATUS_OK' }]);
    const calls = host('usual')
      .log()
      .slice(from)
      .flatMap(({ call }) => call ?? []);
    expect(
      calls.filter((call) =>
        /Logoff|Disconnect|Connect|Reset|Terminate|Shut|ShowMessage|SendMessage|Stop|Start/.test(call),
      ),
    ).toEqual([]);
    expect(calls).toContain('TermSrvEnumeration.RpcOpenEnum');
  });
});

test('a closed port is told, and nothing behind it', async () => {
  const relay = await startRelay(1);
  const { port } = relay;
  await relay[Symbol.asyncDispose]();
  const findings = await examine({ port }, host('usual').users.tsadmin);
  expect(findings.map(({ check }) => check)).toEqual(['name', 'port']);
  expect(findings[1]).toMatchObject({ verdict: 'problem', error: { code: 'unreachable', host: 'oracle' } });
  expect(findings[1]?.summary).toContain('is closed');
  expect(pasted(findings[1])).toContain('Start-Service LanmanServer');
});

describe('the dialect', () => {
  test('of an older host is a warning, its signing by whatever it says is not', async () => {
    const findings = await seen('older');
    expect(the(findings, 'dialect')).toMatchObject({
      verdict: 'warning',
      summary: 'SMB 2.1 is the best that the host speaks',
    });
    expect(the(findings, 'signing')).toMatchObject({ verdict: 'ok', summary: 'messages are signed with HMAC-SHA256' });
    expect(the(findings, 'encryption')?.summary).toContain('not encrypted');
    expect(the(findings, 'sessions')?.verdict).toBe('ok');
  });

  test('SMB 1 is told where it is all that a host speaks', async () => {
    const findings = await seen('smb1');
    expect(findings.at(-1)).toMatchObject({
      check: 'dialect',
      verdict: 'problem',
      summary: 'the host speaks SMB 1 alone, which Usher never does',
    });
    expect(host('smb1').logons()).toEqual([]);
  });
});

describe('a logon is refused, once, and why is told:', () => {
  test('a wrong password', async () => {
    const before = host('usual').logons().length;
    const findings = await examine(host('usual'), { ...host('usual').users.tsadmin, password: 'Wr0ng-Passw0rd!' });
    expect(findings.at(-1)).toMatchObject({
      check: 'logon',
      verdict: 'problem',
      summary: 'the user name or the password is wrong',
      error: { code: 'logon_failed' },
    });
    expect(host('usual').logons().slice(before)).toMatchObject([{ status: 'NT_STATUS_WRONG_PASSWORD' }]);
  });

  test('NTLM is disabled', async () => {
    const findings = await seen('withoutNtlm');
    expect(findings.at(-1)).toMatchObject({ check: 'logon', verdict: 'problem', error: { code: 'access_denied' } });
    expect(findings.at(-1)?.summary).toContain('NTLM is switched off');
    expect(pasted(findings.at(-1))).toContain('RestrictReceivingNTLMTraffic');
  });

  test('signatures are broken on the way', async () => {
    await using relay = await startRelay(host('usual').port, {
      change: (data, isAsked) => (isAsked ? data : withBrokenSignature(data)),
    });
    const findings = await examine(relay, host('usual').users.tsadmin);
    expect(the(findings, 'signing logon')).toMatchObject({ verdict: 'problem', error: { code: 'bad_answer' } });
    expect(pasted(the(findings, 'signing logon'))).toContain('RequireSecuritySignature');
    expect(findings.at(-1)).toMatchObject({ check: 'logon', verdict: 'problem', error: { code: 'bad_answer' } });
  });

  test('encryption is demanded, and there is none in common', async () => {
    const findings = await seen('demanding');
    expect(the(findings, 'encryption logon')).toMatchObject({ verdict: 'problem', error: { code: 'access_denied' } });
    expect(findings.at(-1)).toMatchObject({ check: 'logon', verdict: 'problem' });
  });
});

/** The host's last word of the logon, its signature changed by one bit, as by a device on the way that rewrites messages. */
function withBrokenSignature(answer: Buffer): Buffer {
  const [header, status, command, flags, signature] = [4, 12, 16, 20, 52];
  const isSigned =
    answer.length > 68 && answer.readUInt32LE(header) === 0x424d53fe && (answer.readUInt32LE(flags) & 8) !== 0;
  if (!isSigned || answer.readUInt16LE(command) !== 1 || answer.readUInt32LE(status) !== 0) return answer;
  const changed = Buffer.from(answer);
  changed.writeUInt8(changed.readUInt8(signature) ^ 1, signature);
  return changed;
}

test.each<[Name, string, number, string]>([
  ['fast', 'problem', 420, 'ahead of'],
  ['slow', 'warning', 90, 'behind'],
])('the clock of the %s host is a %s', async (name, verdict, seconds, direction) => {
  const clock = the(await seen(name), 'clock');
  expect(clock?.verdict).toBe(verdict);
  const [, told, way] = /is (\d+) s (.*) this computer's$/.exec(clock?.summary ?? '') ?? [];
  expect(way).toBe(direction);
  expect(Math.abs(Number(told) - seconds)).toBeLessThan(3);
});

describe('a pipe', () => {
  test('that is not there: Remote Desktop is switched off', async () => {
    const findings = await seen('off');
    expect(the(findings, 'pipe TermSrv_API_service')).toMatchObject({
      verdict: 'problem',
      summary: 'the pipe TermSrv_API_service is not there',
      error: { code: 'unsupported' },
    });
    expect(pasted(the(findings, 'pipe TermSrv_API_service'))).toContain('fDenyTSConnections');
    expect(the(findings, 'pipe SessEnvPublicRpc')).toMatchObject({ verdict: 'warning' });
    expect(the(findings, 'sessions')?.verdict).toBe('warning');
  });

  test('of the registry that is not there: rights and limits are unknown, and its service is to be started', async () => {
    const findings = await seen('withoutRegistry');
    expect(the(findings, 'pipe winreg')).toMatchObject({ verdict: 'warning', summary: 'the pipe winreg is not there' });
    for (const name of ['pipe winreg', 'right', 'limit']) {
      expect(pasted(the(findings, name))).toContain('Start-Service RemoteRegistry');
    }
    expect(the(findings, 'right')?.verdict).toBe('unknown');
    expect(the(findings, 'limit')?.verdict).toBe('unknown');
    expect(the(findings, 'sessions')?.verdict).toBe('ok');
  });

  test('whose calls are refused', async () => {
    const findings = await seen('refusing');
    expect(the(findings, 'pipe LSM_API_service')).toMatchObject({
      verdict: 'problem',
      error: { code: 'access_denied' },
    });
    expect(pasted(the(findings, 'pipe LSM_API_service'))).toContain('AllowRemoteRPC');
  });

  test('that does not answer is given up in time', async () => {
    const findings = await seen('mute');
    expect(the(findings, 'pipe TermSrv_API_service')).toMatchObject({
      verdict: 'problem',
      summary: 'the pipe TermSrv_API_service does not answer',
      error: { code: 'timeout' },
    });
    expect(the(findings, 'pipe LSM_API_service')?.verdict).toBe('ok');
  });
});

describe('by the registry of the host', () => {
  const vectors = new URL('../vectors/security-descriptors.json', import.meta.url);
  const { descriptors } = JSON.parse(readFileSync(vectors, 'utf8')) as {
    descriptors: readonly { readonly name: string; readonly bytes: string }[];
  };
  const security = new Uint8Array(Buffer.from(descriptors[0]?.bytes ?? '', 'hex'));

  beforeAll(async () => {
    await writeRegistry(host('usual'), {
      [keys.terminalServer]: { fDenyTSConnections: 0, TSServerDrainMode: 1, fSingleSessionPerUser: 1 },
      [keys.winStations]: { DefaultSecurity: security },
      [listenerKey('RDP-Tcp')]: { Security: security, MaxIdleTime: 3_600_000, fInheritMaxIdleTime: 0 },
      [keys.policy]: { MaxIdleTime: 1_800_000, MaxDisconnectionTime: 60_000 },
    });
  });

  test('an administrator has every right, as Administrators', async () => {
    const rights = (await seen('usual', 'root')).filter(({ check }) => check === 'right');
    expect(rights.map(({ of, verdict }) => [of, verdict])).toEqual(
      [
        'query information',
        'set information',
        'reset',
        'virtual channels',
        'remote control',
        'logon',
        'log off',
        'message',
        'connect',
        'disconnect',
      ].map((of) => [of, 'ok']),
    );
    expect(rights[2]?.summary).toBe(String.raw`ORACLE\root has the right "reset", as Administrators`);
  });

  test('a plain user lacks what Administrators alone have, and may have what other groups have', async () => {
    const findings = await seen('usual', 'plain');
    expect(the(findings, 'right reset')).toMatchObject({
      verdict: 'problem',
      summary: String.raw`ORACLE\plain lacks the right "reset"`,
    });
    expect(pasted(the(findings, 'right reset'))).toContain(String.raw`AccountName='ORACLE\plain'`);
    expect(the(findings, 'right query information')).toMatchObject({ verdict: 'unknown' });
    expect(the(findings, 'right query information')?.summary).toContain('Remote Desktop Users');
  });

  test('limits are told with their unit, and which source wins', async () => {
    const findings = await seen('usual', 'plain');
    expect(the(findings, 'limit MaxIdleTime')).toMatchObject({
      verdict: 'ok',
      summary: 'sessions idle for 30m 00s are ended or disconnected by the host, by policy',
      details: [
        "in force: 1800000 ms, by the computer's policy (MaxIdleTime)",
        'not in force: 3600000 ms, by the listener RDP-Tcp (MaxIdleTime)',
      ],
    });
    expect(the(findings, 'limit MaxDisconnectionTime')?.verdict).toBe('warning');
    expect(the(findings, 'limit TSServerDrainMode')).toMatchObject({ verdict: 'warning' });
    expect(the(findings, 'limit WinStationsDisabled')).toMatchObject({ verdict: 'ok' });
    expect(the(findings, 'limit fDenyTSConnections')?.summary).toBe('Remote Desktop is switched on, by the host');
  });
});
