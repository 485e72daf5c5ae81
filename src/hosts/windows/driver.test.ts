import { type AddressInfo, createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import type { Host } from '../../sessions/host.ts';
import { UsherError } from '../../sessions/errors.ts';
import { ntowfv1 } from '../../wire/ntlm/keys.ts';
import { queryInformation } from '../../wire/ms-tsts/ica-api/query-information.ts';
import { getAllListeners } from '../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { sessionSetup } from '../../wire/smb/messages/session-setup.ts';
import { type Credential, Secret } from '../credential.ts';
import { dialTcp } from './dial.ts';
import { windowsDriver } from './driver.ts';
import { SmbClient } from './smb-client.ts';
import { answersOf } from './testing/answers.ts';
import { hostFacts, nowInstant } from './testing/facts.ts';
import { type HostParts, LoopbackHost } from './testing/host.ts';
import { acceptorOf, guardedBy } from './testing/logon.ts';
import { HandTimers, never } from './testing/reading.ts';
import { hang, refuse } from './testing/started.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

const secret = 'correct horse';
const credential: Credential = {
  user: String.raw`CORP\alice`,
  identityFiles: [],
  password: async () => new Secret(secret),
  passphrase: async () => null,
  sudoPassword: async () => null,
};

const driver = windowsDriver({
  dial: dialTcp,
  machine: 'ADMIN7',
  now: () => nowInstant,
  random: (count) => new Uint8Array(count).fill(0x33),
  after: new HandTimers().after,
});

const hostAt = (port: number): Host => ({
  name: 'wh1',
  url: { scheme: 'windows', user: null, domain: null, address: '127.0.0.1', port },
});

async function server(parts: Partial<HostParts> = {}): Promise<LoopbackHost> {
  const host = await LoopbackHost.start({ answers: [], ...parts });
  open.push(host);
  return host;
}

/** How connecting to the host ends, which does not succeed. */
async function failureOf(host: Host, changes: Partial<Credential> = {}, signal = never): Promise<UsherError> {
  const end: unknown = await driver
    .connect(host, { ...credential, ...changes }, signal)
    .catch((error: unknown) => error);
  if (!(end instanceof UsherError)) throw new Error('connecting did not fail as it should', { cause: end });
  return end;
}

test('the driver is for windows: alone', () => {
  expect(driver.schemes).toEqual(['windows']);
});

describe('connecting fails, with the host and what was done, as', () => {
  test('unreachable where nothing listens', async () => {
    const gone = await LoopbackHost.start({ answers: [] });
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    expect(await failureOf(hostAt(port))).toMatchObject({
      code: 'unreachable',
      host: 'wh1',
      operation: `connecting to windows://127.0.0.1:${port}`,
    });
  });

  test('no_credential without a password', async () => {
    const { port } = await server();
    expect(await failureOf(hostAt(port), { password: async () => null })).toMatchObject({
      code: 'no_credential',
      host: 'wh1',
    });
  });

  test.each<[string, (socket: Socket, abort: AbortController) => void, string]>([
    ['hangs up', (socket) => socket.end(), 'connection_lost'],
    ['times out', (_socket, abort) => abort.abort(), 'timeout'],
  ])('no password is asked for where the host %s before it spoke', async (_what, serve, code) => {
    const abort = new AbortController();
    const listening = Promise.withResolvers<void>();
    const dead = createServer((socket) => {
      socket.on('error', () => undefined).once('data', () => serve(socket, abort));
    });
    dead.listen(0, '127.0.0.1', listening.resolve);
    await listening.promise;
    let asked = 0;
    const password = async (): Promise<Secret> => {
      asked += 1;
      return new Secret(secret);
    };
    const { port } = dead.address() as AddressInfo;
    const failure = await failureOf(hostAt(port), { password }, abort.signal);
    dead.close();
    expect([failure.code, asked]).toEqual([code, 0]);
  });

  test('timeout where it is aborted while the password is asked for', async () => {
    const { port } = await server();
    const abort = new AbortController();
    const password = async (): Promise<Secret> => {
      abort.abort();
      return new Secret(secret);
    };
    expect(await failureOf(hostAt(port), { password }, abort.signal)).toMatchObject({ code: 'timeout', host: 'wh1' });
  });

  test('timeout where it is aborted while the host does not answer the logon', async () => {
    const abort = new AbortController();
    const silent = (): readonly Uint8Array[] => {
      abort.abort();
      return [];
    };
    const guarded = guardedBy(secret);
    const { port } = await server({ handlers: [...(guarded.handlers ?? []), [sessionSetup.code, silent]] });
    expect(await failureOf(hostAt(port), {}, abort.signal)).toMatchObject({ code: 'timeout', host: 'wh1' });
  });

  test('logon_failed where the password is another one', async () => {
    const { port } = await server(guardedBy('another'));
    expect(await failureOf(hostAt(port))).toMatchObject({ code: 'logon_failed', host: 'wh1' });
  });

  test('access_denied where RPC refuses the password that SMB took', async () => {
    const { port } = await server({ ...guardedBy(secret), acceptor: () => acceptorOf('another') });
    expect(await failureOf(hostAt(port))).toMatchObject({ code: 'access_denied', host: 'wh1' });
  });

  test('unsupported where the host has no session manager, and the connection is closed', async () => {
    const { port } = await server({ ...guardedBy(secret), missing: ['LSM_API_service'] });
    expect(await failureOf(hostAt(port))).toMatchObject({ code: 'unsupported', host: 'wh1' });
  });
});

describe('over a connection', () => {
  const facts = hostFacts();

  test('a host is listed, logged on to once for SMB and once for each pipe', async () => {
    const { port } = await server({ ...guardedBy(secret), answers: answersOf(facts) });
    await using connection = await driver.connect(hostAt(port), credential, never);
    const { sessions, notes } = await connection.list(never);
    expect(notes).toEqual([]);
    expect(sessions.map(({ user }) => user)).toEqual([null, null, 'alice']);
  });

  test('a host is listed without the pipes that are not there', async () => {
    const missing = ['TermSrv_API_service', 'Ctx_WinStation_API_service'];
    const { port } = await server({ ...guardedBy(secret), answers: answersOf(facts), missing });
    await using connection = await driver.connect(hostAt(port), credential, never);
    const { sessions, notes } = await connection.list(never);
    expect(notes.map(({ code }) => code)).toEqual(['rdp-off', 'no-winstation-service']);
    expect(sessions).toHaveLength(3);
  });

  test('a cold list waits eleven times at most for the host, and a warm one twice', async () => {
    const connecting = vi.spyOn(SmbClient, 'connect');
    const { port } = await server({ ...guardedBy(secret), answers: answersOf(facts) });
    await using connection = await driver.connect(hostAt(port), credential, never);
    const [smb] = await Promise.all(connecting.mock.results.map(({ value }) => value as Promise<SmbClient>));
    const waits = (): number => smb?.waits ?? Number.NaN;
    await connection.list(never);
    const cold = waits();
    await connection.list(never);
    expect(cold).toBeLessThanOrEqual(11);
    expect(waits() - cold).toBe(2);
  });
});

test('what came while nothing was heard is heard before a host is taken for silent', async () => {
  const timers = new HandTimers();
  const patient = windowsDriver({
    dial: dialTcp,
    machine: 'ADMIN7',
    now: () => nowInstant,
    random: (count) => new Uint8Array(count).fill(0x33),
    after: timers.after,
  });
  const { port } = await server({ ...guardedBy(secret), answers: answersOf(hostFacts()) });
  await using connection = await patient.connect(hostAt(port), credential, never);
  const listing = connection.list(never);
  await vi.waitFor(() => expect(timers.pending).toBeGreaterThan(0));
  timers.pass(10_000);
  expect((await listing).notes).toEqual([]);
});

test.each([
  [5000, 1000],
  [60_000, 12_000],
])('of %i ms for a host, one call that hangs has a fifth until it costs its column', async (timeout, patience) => {
  const timers = new HandTimers();
  const patient = windowsDriver({
    dial: dialTcp,
    machine: 'ADMIN7',
    now: () => nowInstant,
    random: (count) => new Uint8Array(count).fill(0x33),
    after: timers.after,
    timeout: milliseconds(timeout),
  });
  const answers = [...answersOf(hostFacts()), hang(getAllListeners)];
  const { port } = await server({ ...guardedBy(secret), answers });
  await using connection = await patient.connect(hostAt(port), credential, never);
  const listing = connection.list(never);
  await vi.waitFor(() => expect(timers.pending).toBe(1));
  const pass = (time: number): void => {
    timers.pass(time);
    timers.pass(0);
  };
  // It is waited for from the last answer on that the host gave.
  pass(patience);
  pass(patience - 1);
  expect(timers.pending).toBe(1);
  pass(1);
  expect(timers.pending).toBe(0);
  expect((await listing).notes.map(({ code }) => code)).toEqual(['listeners-hidden']);
});

test("the host's clock goes on while somebody types a password", async () => {
  let now = nowInstant;
  const slowly = windowsDriver({
    dial: dialTcp,
    machine: 'ADMIN7',
    now: () => now,
    random: (count) => new Uint8Array(count).fill(0x33),
    after: new HandTimers().after,
  });
  const password = async (): Promise<Secret> => {
    now = nowInstant.add({ seconds: 30 });
    return new Secret(secret);
  };
  const answers = [...answersOf(hostFacts()), refuse(queryInformation)];
  const { port } = await server({ ...guardedBy(secret), answers });
  await using connection = await slowly.connect(hostAt(port), { ...credential, password }, never);
  // At NEGOTIATE it was the beginning of 1601 there.
  expect(String((await connection.list(never)).readAt)).toBe('1601-01-01T00:00:30Z');
});

test('a host is examined as far as it lets in', async () => {
  const { port } = await server(guardedBy('another'));
  const findings = await Array.fromAsync(driver.examine(hostAt(port), credential, never));
  expect(findings.at(-1)).toMatchObject({ check: 'logon', verdict: 'problem', error: { code: 'logon_failed' } });
});

test.each<[string, Partial<HostParts>]>([
  ['refuses the password', guardedBy('another')],
  ['answers the logon with nonsense', {}],
])('no secret is in the failure of a host that %s', async (_, parts) => {
  const { port } = await server(parts);
  const text = inspect(await failureOf(hostAt(port)), { depth: 20, showHidden: true });
  expect(text).not.toContain(secret);
  expect(text).not.toContain(Buffer.from(ntowfv1(secret)).toString('hex'));
  expect(text).not.toContain('ntHash');
});
