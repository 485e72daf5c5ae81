import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Host } from '../../sessions/host.ts';
import type { SessionIdentity } from '../../sessions/identity.ts';
import { getAllProcessesNt6 } from '../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { getSessionInformationEx } from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import { getAllSessionsEx } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import type { HostConnection } from '../driver.ts';
import { kept } from './connection.ts';
import type { HostFacts } from './facts.ts';
import { readingOf } from './sessions.ts';
import { answersOf } from './testing/answers.ts';
import { ago, alice, hostFacts, process, system, winlogon } from './testing/facts.ts';
import { answer, fault, type HostParts, LoopbackHost } from './testing/host.ts';
import { never, type Reading, readerOf } from './testing/reading.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

const host: Host = {
  name: 'wh1',
  url: { scheme: 'windows', user: null, domain: null, address: '127.0.0.1', port: null },
};
const facts = hostFacts();

const silence = new Promise<never>(() => undefined);
const hangingList = answer(getAllSessionsEx, () => silence);

interface Started extends Reading {
  readonly server: LoopbackHost;
  readonly connection: HostConnection;
}

async function start(parts: Partial<HostParts> = {}): Promise<Started> {
  const server = await LoopbackHost.start({ answers: answersOf(facts), ...parts });
  open.push(server);
  const reading = await readerOf(server);
  open.push(reading.smb);
  const { timers, ...connected } = reading;
  return { ...reading, server, connection: kept({ host, ...connected, after: timers.after }) };
}

const identityIn = (told: HostFacts): SessionIdentity => {
  const session = readingOf(host.name, told, null).sessions.find(({ id }) => id === alice.id);
  if (session === undefined) throw new Error('alice is not there');
  return session.identity;
};

const asked = (server: LoopbackHost): Promise<void> =>
  vi.waitFor(() => {
    expect(server.calls).toContain('RpcGetAllSessionsEx');
  });

test('a list is what the host tells, in its name', async () => {
  const { connection } = await start();
  const reading = await connection.list(never);
  expect(reading).toMatchObject({ host: 'wh1', complete: true, notes: [] });
  expect(reading.sessions.map(({ kind, user }) => [kind, user])).toEqual([
    ['services', null],
    ['console', null],
    ['user', 'alice'],
  ]);
});

test('the second list tells rates', async () => {
  const { server, connection } = await start();
  await connection.list(never);
  const busy = { ...alice, traffic: { fromClient: 3000, toClient: 5000 } };
  const later = hostFacts({ now: facts.now + 20_000_000n, sessions: [busy], processes: [system, winlogon, process()] });
  server.answers = answersOf(later);
  expect((await connection.list(never)).sessions).toMatchObject([{ bytesInPerSecond: 1000, bytesOutPerSecond: 0 }]);
});

describe('processes', () => {
  test('are those of the session', async () => {
    const { connection } = await start();
    const { processes, complete } = await connection.processes(identityIn(facts), never);
    expect(complete).toBe(true);
    expect(processes.map(({ name }) => name)).toEqual(['winlogon.exe', 'explorer.exe']);
  });

  test.each<[string, HostFacts]>([
    ['of whom another one logged on to since', hostFacts({ sessions: [{ ...alice, user: 'bob' }] })],
    [
      'that began anew',
      hostFacts({ sessions: [{ ...alice, times: { ...alice.times, loggedOn: ago(5) } as typeof alice.times }] }),
    ],
    ['that ended', hostFacts({ sessions: [] })],
    ['of another boot of the host', hostFacts({ processes: [process({ ...system, createTime: ago(50) })] })],
  ])('of a session %s are not told: session_changed', async (_, now) => {
    const { connection } = await start({ answers: answersOf(now) });
    await expect(connection.processes(identityIn(facts), never)).rejects.toMatchObject({
      code: 'session_changed',
      host: 'wh1',
    });
  });

  test('that the host hides are refused, and not called changed', async () => {
    const refusing = answer(getAllProcessesNt6, () => fault('ERROR_ACCESS_DENIED'));
    const { connection } = await start({ answers: [...answersOf(facts), refusing] });
    await expect(connection.processes(identityIn(facts), never)).rejects.toMatchObject({
      code: 'access_denied',
      host: 'wh1',
      operation: 'listing processes',
    });
  });
});

describe('a session that is not listed any more', () => {
  const target = { identity: identityIn(facts), id: alice.id, reason: null, traces: ['700:1'] };
  const without = hostFacts({ sessions: [], processes: [system] });
  const refusing = answer(getSessionInformationEx, () => fault('ERROR_ACCESS_DENIED'));
  const answering = answersOf(facts).filter(({ name }) => name === getSessionInformationEx.name);
  const kindOf = async (...otherwise: HostParts['answers']): Promise<string> => {
    const { connection } = await start({ answers: [...answersOf(without), ...otherwise] });
    return (await connection.presence(target, never)).kind;
  };

  test('is gone where the host says that there is none of its number', async () => {
    expect(await kindOf()).toBe('gone');
  });

  test('may be there where this account may not know', async () => {
    expect(await kindOf(refusing)).toBe('unknown');
  });

  test('may be there where the host answers for it', async () => {
    expect(await kindOf(...answering)).toBe('unknown');
  });

  test('has not changed where this account may not know of it', async () => {
    const { connection } = await start({ answers: [...answersOf(without), refusing] });
    await expect(connection.processes(target.identity, never)).rejects.toMatchObject({ code: 'access_denied' });
  });
});

describe('an abort', () => {
  test('ends a list that hangs, and the connection', async () => {
    const { server, smb, connection } = await start({ answers: [...answersOf(facts), hangingList] });
    const abort = new AbortController();
    const listing = connection.list(abort.signal);
    await asked(server);
    abort.abort();
    await expect(listing).rejects.toMatchObject({ code: 'timeout', host: 'wh1', operation: 'listing sessions' });
    expect(smb.lost).toMatchObject({ code: 'timeout' });
    await expect(connection.list(never)).rejects.toMatchObject({ code: 'timeout' });
  });

  test('that came before ends what is begun', async () => {
    const { connection } = await start();
    await expect(connection.list(AbortSignal.abort())).rejects.toMatchObject({ code: 'timeout' });
  });

  test('that comes after a list leaves the connection alone', async () => {
    const { smb, connection } = await start();
    const abort = new AbortController();
    await connection.list(abort.signal);
    abort.abort();
    expect(smb.lost).toBeNull();
  });
});

test('a connection that breaks is told with the host', async () => {
  const { server, connection } = await start({ answers: [...answersOf(facts), hangingList] });
  const listing = connection.list(never);
  await asked(server);
  server.hangUp();
  await expect(listing).rejects.toMatchObject({
    code: 'connection_lost',
    host: 'wh1',
    operation: 'listing sessions',
  });
});

describe('disposing', () => {
  test('ends the connection', async () => {
    const { smb, timers, connection } = await start();
    await connection[Symbol.asyncDispose]();
    expect(smb.lost).not.toBeNull();
    expect(timers.pending).toBe(0);
    await expect(connection.list(never)).rejects.toMatchObject({ code: 'connection_lost' });
  });
});
