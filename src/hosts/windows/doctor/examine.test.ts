import { createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { UsherError } from '../../../sessions/errors.ts';
import { ntowfv1 } from '../../../wire/ntlm/keys.ts';
import { ntStatus } from '../../../wire/ms-erref/ntstatus.ts';
import { flag } from '../../../wire/smb/messages/header.ts';
import { sessionSetup } from '../../../wire/smb/messages/session-setup.ts';
import { openEnum } from '../../../wire/ms-tsts/term-srv-enumeration/open-enum.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import type { Finding } from '../../finding.ts';
import { answer, fault, LoopbackHost } from '../testing/host.ts';
import { acceptorOf, guardedBy } from '../testing/logon.ts';
import { credential, examined, findingsOf, hostThat, patientAt, secret, the } from './testing/examination.ts';

const checks = (findings: readonly Finding[]): readonly string[] => [...new Set(findings.map(({ check }) => check))];
const pasted = (finding: Finding | undefined): string => (finding?.mends ?? []).map(({ paste }) => paste).join('\n');

/** A server of one answer to whatever is said first, or of none. */
async function answering(serve: (socket: Socket, said: Buffer) => void): Promise<{ port: number } & Disposable> {
  const listening = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', (said: Buffer) => serve(socket, said));
  }).listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() };
}

test('a host that does as it should is found so, in the order in which it is needed', async () => {
  const findings = await examined();
  expect(checks(findings).slice(0, 8)).toEqual([
    'name',
    'port',
    'dialect',
    'signing',
    'encryption',
    'clock',
    'logon',
    'pipe',
  ]);
  expect(findings.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
  expect(the(findings, 'dialect')?.summary).toBe('SMB 3.1.1 is spoken');
  expect(the(findings, 'signing')?.summary).toBe('messages are signed with AES-128-GMAC');
  expect(the(findings, 'encryption')?.summary).toBe('messages are encrypted with AES-128-GCM');
  expect(the(findings, 'logon')).toMatchObject({
    verdict: 'ok',
    summary: String.raw`CORP\alice is logged on, by NTLMv2`,
  });
  expect(findings.filter(({ check }) => check === 'pipe').map(({ of }) => of)).toEqual([
    'LSM_API_service',
    'TermSrv_API_service',
    'Ctx_WinStation_API_service',
    'SessEnvPublicRpc',
    'winreg',
  ]);
  expect(the(findings, 'sessions')?.summary).toBe('3 sessions listed, 1 of a user');
});

describe('what cannot be reached is left out after', () => {
  test('a name that does not resolve', async () => {
    const patient = patientAt(445, {
      host: { name: 'wh1', url: { scheme: 'windows', user: null, domain: null, address: 'wh1.example', port: null } },
      lookUp: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
    });
    const findings = await findingsOf(patient);
    expect(checks(findings)).toEqual(['name']);
    expect(findings[0]).toMatchObject({ verdict: 'problem', error: { code: 'unreachable', host: 'wh1' } });
  });

  test('a port where nothing listens', async () => {
    const gone = await LoopbackHost.start({ answers: [] });
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    const findings = await findingsOf(patientAt(port));
    expect(checks(findings)).toEqual(['name', 'port']);
    expect(findings[1]).toMatchObject({
      verdict: 'problem',
      of: String(port),
      summary: `port ${port} is closed: the host is there, and nothing listens`,
      error: { code: 'unreachable' },
    });
    expect(pasted(findings[1])).toContain('Start-Service LanmanServer');
  });

  test('a host that hangs up on SMB 2', async () => {
    using server = await answering((socket) => socket.end());
    const findings = await findingsOf(patientAt(server.port));
    expect(checks(findings)).toEqual(['name', 'port', 'dialect']);
    expect(findings[2]).toMatchObject({ verdict: 'problem', error: { code: 'connection_lost' } });
    expect(findings[2]?.summary).toContain('hangs up');
  });

  test('a host of SMB 1, which is told', async () => {
    using server = await answering((socket, said) => {
      if (said.subarray(4, 8).toString('latin1') === 'ÿSMB') socket.end(said);
      else socket.end();
    });
    const findings = await findingsOf(patientAt(server.port));
    expect(checks(findings)).toEqual(['name', 'port', 'dialect']);
    expect(findings[2]?.summary).toBe('the host speaks SMB 1 alone, which Usher never does');
    expect(pasted(findings[2])).toContain('-EnableSMB2Protocol $true');
  });

  test('another service', async () => {
    using server = await answering((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    const findings = await findingsOf(patientAt(server.port));
    expect(findings[2]?.summary).toBe('what listens there agrees to no dialect of SMB 2 or 3');
  });

  test('a host that is silent, once its time is over', async () => {
    const patient = patientAt(0);
    using server = await answering(() => patient.timers.pass(5000));
    const findings = await findingsOf({ ...patient, host: patientAt(server.port).host });
    expect(checks(findings)).toEqual(['name', 'port', 'dialect']);
    expect(findings[2]).toMatchObject({ summary: 'what listens there says nothing', error: { code: 'timeout' } });
  });

  test('a missing password', async () => {
    const { port } = await hostThat();
    const findings = await findingsOf(patientAt(port, { credential: { ...credential, password: async () => null } }));
    expect(checks(findings).at(-1)).toBe('logon');
    expect(the(findings, 'logon')).toMatchObject({ verdict: 'problem', error: { code: 'no_credential' } });
  });

  test('a refused password, which is tried once', async () => {
    let logons = 0;
    const findings = await examined({
      handlers: [
        [
          sessionSetup.code,
          (request, server) => {
            logons += 1;
            return [server.error(request, ntStatus.STATUS_LOGON_FAILURE)];
          },
        ],
      ],
    });
    expect(checks(findings).at(-1)).toBe('logon');
    expect(logons).toBe(1);
    expect(the(findings, 'logon')).toMatchObject({
      verdict: 'problem',
      summary: 'the user name or the password is wrong',
      error: { code: 'logon_failed', host: 'wh1' },
    });
  });
});

describe('a refused logon is told with its reason and its mend:', () => {
  test.each([
    ['STATUS_ACCOUNT_LOCKED_OUT', 'the account is locked out', "Unlock-ADAccount 'alice'"],
    ['STATUS_ACCOUNT_DISABLED', 'the account is disabled', "Enable-ADAccount 'alice'"],
    ['STATUS_ACCOUNT_EXPIRED', 'the account has expired', "Clear-ADAccountExpiration 'alice'"],
    ['STATUS_PASSWORD_MUST_CHANGE', 'the password must be changed before', "Set-ADAccountPassword 'alice'"],
    ['STATUS_PASSWORD_EXPIRED', 'the password has expired', "Set-ADAccountPassword 'alice'"],
    ['STATUS_LOGON_TYPE_NOT_GRANTED', 'no right to log on', 'SeNetworkLogonRight'],
    ['STATUS_NTLM_BLOCKED', 'NTLM is switched off', 'RestrictReceivingNTLMTraffic'],
    ['STATUS_NOT_SUPPORTED', 'NTLM is switched off', 'RestrictReceivingNTLMTraffic'],
    ['STATUS_INVALID_WORKSTATION', 'may not log on from this computer', '-LogonWorkstations $null'],
    ['STATUS_TIME_DIFFERENCE_AT_DC', 'two clocks differ', 'w32tm /resync'],
    ['STATUS_TRUSTED_RELATIONSHIP_FAILURE', 'the trust', 'Test-ComputerSecureChannel -Repair'],
    ['STATUS_NO_LOGON_SERVERS', 'reaches no domain controller', 'nltest /sc_query'],
    ['STATUS_INVALID_LOGON_HOURS', 'at this hour', '-Clear logonHours'],
    ['STATUS_ACCOUNT_RESTRICTION', 'a restriction of the account', 'Protected Users'],
  ] as const)('%s', async (status, summary, paste) => {
    const findings = await examined({
      handlers: [[sessionSetup.code, (request, server) => [server.error(request, ntStatus[status])]]],
    });
    const logon = the(findings, 'logon');
    expect(logon?.summary).toContain(summary);
    expect(pasted(logon)).toContain(paste);
    expect(logon?.details.join('\n')).toContain(status);
  });

  test('an answer that is not signed', async () => {
    const accepting = guardedBy(secret).handlers?.find(([code]) => code === sessionSetup.code)?.[1];
    const findings = await examined({
      handlers: [
        [
          sessionSetup.code,
          (request, server) => {
            const frames = accepting?.(request, server) ?? [];
            if (server.keys === null) return frames;
            return frames.map((framed) => {
              const unsigned = Buffer.from(framed);
              unsigned.writeUInt32LE(unsigned.readUInt32LE(4 + 16) & ~flag.signed, 4 + 16);
              return unsigned;
            });
          },
        ],
      ],
    });
    expect(the(findings, 'signing logon')).toMatchObject({
      verdict: 'problem',
      summary: 'an answer of the host is not signed as it must be',
      error: { code: 'bad_answer' },
    });
    expect(the(findings, 'logon')).toMatchObject({ verdict: 'problem', error: { code: 'bad_answer' } });
  });
});

describe('a pipe', () => {
  test('that is not there costs what goes through it: Remote Desktop is switched off', async () => {
    const findings = await examined({ missing: ['TermSrv_API_service'] });
    const pipe = the(findings, 'pipe TermSrv_API_service');
    expect(pipe).toMatchObject({
      verdict: 'problem',
      summary: 'the pipe TermSrv_API_service is not there',
      error: { code: 'unsupported' },
    });
    expect(pasted(pipe)).toContain('fDenyTSConnections 0');
    expect(the(findings, 'sessions')).toMatchObject({ verdict: 'warning' });
  });

  test('of the registry that is not there is asked for twice, and is a warning', async () => {
    const patient = patientAt((await hostThat({ missing: ['winreg'] })).port);
    const waits: number[] = [];
    const after: typeof patient.surroundings.after = (delay, work) => {
      waits.push(delay);
      if (delay === 1500) queueMicrotask(work);
      return { [Symbol.dispose]: () => undefined };
    };
    const findings = await findingsOf({ ...patient, surroundings: { ...patient.surroundings, after } });
    expect(waits).toContain(1500);
    const pipe = the(findings, 'pipe winreg');
    expect(pipe).toMatchObject({ verdict: 'warning', summary: 'the pipe winreg is not there' });
    expect(pasted(pipe)).toContain('Start-Service RemoteRegistry');
    expect(pasted(pipe)).toContain(String.raw`sc.exe \\HOST`);
  });

  test('of the registry that the account may not read', async () => {
    const findings = await examined({ answers: [answer(openLocalMachine, () => fault('ERROR_ACCESS_DENIED'))] });
    expect(the(findings, 'pipe winreg')).toMatchObject({
      verdict: 'warning',
      summary: 'the account may not read the registry from afar',
      error: { code: 'access_denied' },
    });
  });

  test('whose calls are refused: AllowRemoteRPC', async () => {
    const findings = await examined({ answers: [answer(openEnum, () => fault('ERROR_ACCESS_DENIED'))] });
    const pipe = the(findings, 'pipe LSM_API_service');
    expect(pipe).toMatchObject({
      verdict: 'problem',
      summary: 'the host refuses the account on the pipe LSM_API_service',
    });
    expect(pasted(pipe)).toContain('AllowRemoteRPC');
    expect(pasted(pipe)).toContain('LocalAccountTokenFilterPolicy');
    expect(the(findings, 'sessions')).toBeUndefined();
  });

  test('that refuses the logon inside of RPC', async () => {
    const findings = await examined({ acceptor: () => acceptorOf('another') });
    expect(the(findings, 'pipe LSM_API_service')?.summary).toBe(
      'the host refuses the account on the pipe LSM_API_service',
    );
    expect(the(findings, 'logon')?.verdict).toBe('ok');
  });
});

describe('an abort ends the examination with its reason while', () => {
  const reason = new Error('enough');
  const abort = (): { readonly signal: AbortSignal; readonly now: () => void } => {
    const controller = new AbortController();
    return { signal: controller.signal, now: () => controller.abort(reason) };
  };

  test('the name is resolved', async () => {
    const { signal, now } = abort();
    const { surroundings } = patientAt(445);
    const url = { scheme: 'windows', user: null, domain: null, address: 'wh1.example', port: null } as const;
    const lookUp = (): Promise<never> => {
      now();
      return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    };
    const patient = { ...patientAt(445), surroundings, lookUp, signal, host: { name: 'wh1', url } };
    await expect(findingsOf(patient)).rejects.toBe(reason);
  });

  test('the host says nothing', async () => {
    const { signal, now } = abort();
    using server = await answering(() => now());
    await expect(findingsOf(patientAt(server.port, { signal }))).rejects.toBe(reason);
  });

  test('the password is asked for', async () => {
    const { signal, now } = abort();
    const password = async (): Promise<never> => {
      now();
      throw new UsherError({ code: 'timeout', message: 'nobody typed one' });
    };
    const patient = patientAt((await hostThat()).port, { signal, credential: { ...credential, password } });
    await expect(findingsOf(patient)).rejects.toBe(reason);
  });

  test('a pipe is asked', async () => {
    const { signal, now } = abort();
    const silent = answer(openEnum, () => {
      now();
      return new Promise<never>(() => undefined);
    });
    const { port } = await hostThat({ answers: [silent] });
    await expect(findingsOf(patientAt(port, { signal }))).rejects.toBe(reason);
  });
});

test('no secret is in any finding', async () => {
  const findings = [...(await examined()), ...(await examined(guardedBy('another')))];
  const text = inspect(findings, { depth: 20, showHidden: true });
  expect(text).not.toContain(secret);
  expect(text).not.toContain(Buffer.from(ntowfv1(secret)).toString('hex'));
});
