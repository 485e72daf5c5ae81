import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { identityOf } from '../../sessions/identity.ts';
import type { Session } from '../../sessions/session.ts';
import type { ClientFacts, HostFacts, SessionFacts } from './facts.ts';
import { baselineOf } from './rates.ts';
import { readingOf } from './sessions.ts';
import {
  ago,
  alice,
  console,
  disconnected,
  hostFacts,
  instantAgo,
  now,
  nowInstant,
  process,
  services,
} from './testing/facts.ts';

const hoursAfter1601 = 3n * 36_000_000_000n;

/** The only session of a host. */
function read(session: SessionFacts, changes: Partial<HostFacts> = {}): Session {
  const { sessions } = readingOf('wh1', hostFacts({ sessions: [session], ...changes }), null);
  const [only, ...others] = sessions;
  if (only === undefined || others.length > 0) throw new Error(`${sessions.length} sessions`);
  return only;
}

const withTimes = (changes: Partial<NonNullable<SessionFacts['times']>>, session = alice): SessionFacts => ({
  ...session,
  times: { connected: ago(3600), disconnected: 0n, loggedOn: ago(7200), lastInput: ago(600), ...changes },
});

const client = (changes: Partial<ClientFacts>): SessionFacts => ({
  ...alice,
  client: { name: 'PC', width: 1920, height: 1080, colorDepth: 32, protocolType: 2, ...changes },
});

test('a session has all columns that the host tells of', () => {
  const before = hostFacts({ now: ago(2), processes: [process({ cpuTime: 40_000_000n })] });
  const changes = { sessions: [{ ...alice, traffic: { fromClient: 1200, toClient: 9000 } }] };
  const [session] = readingOf('wh1', hostFacts(changes), baselineOf(before)).sessions;
  expect(session).toEqual({
    host: 'wh1',
    id: 2,
    name: 'RDP-Tcp#3',
    kind: 'user',
    user: 'alice',
    domain: 'CORP',
    state: 'active',
    idleFor: 600,
    loggedOnAt: instantAgo(7200),
    connectedAt: instantAgo(3600),
    disconnectedAt: null,
    lastInputAt: instantAgo(600),
    client: { name: 'PC-ALICE', address: '192.0.2.7', display: '1920x1080x32' },
    protocol: 'rdp',
    locked: false,
    memoryBytes: 120_000_000,
    cpuPercent: 300,
    bytesInPerSecond: 100,
    bytesOutPerSecond: 2000,
    roundTripMs: null,
    processCount: 2,
    troubles: [],
    identity: expect.objectContaining({ kind: 'windows-logon' }),
    key: expect.stringMatching(/^w1-/),
  });
});

test("a reading is of the host's clock, and complete", () => {
  const { host, readAt, complete } = readingOf('wh1', hostFacts(), null);
  expect({ host, readAt, complete }).toEqual({ host: 'wh1', readAt: nowInstant, complete: true });
});

test('tells when the host started, and nothing where the account may not see it', () => {
  const readings = [ago(86_400), 0n].map((boot) => readingOf('wh1', hostFacts({ boot }), null).bootedAt);
  expect(readings).toEqual([instantAgo(86_400), null]);
});

test('what did not answer becomes a note', () => {
  const error = new UsherError({ code: 'unsupported', message: 'no such pipe', hint: 'switch it on' });
  const { notes } = readingOf('wh1', hostFacts({ gaps: [{ code: 'rdp-off', error, columns: ['client'] }] }), null);
  expect(notes).toEqual([{ code: 'rdp-off', message: 'no such pipe', columns: ['client'], hint: 'switch it on' }]);
});

test.each([
  ['no session at all', []],
  ["the account's own session alone", [alice]],
])('a host that lists %s hides others, as a note says', (_, sessions) => {
  const { notes } = readingOf('wh1', hostFacts({ sessions }), null);
  expect(notes).toMatchObject([
    { code: 'sessions-hidden', message: expect.stringContaining('session 0'), columns: [] },
  ]);
});

test('a host that lists the session of its services hides nothing', () => {
  expect(readingOf('wh1', hostFacts({ sessions: [services] }), null).notes).toEqual([]);
});

describe('the kind of a row', () => {
  test.each<[string, SessionFacts, Session['kind']]>([
    ["Windows' services", services, 'services'],
    ['the console of nobody', console, 'console'],
    ['the console of nobody, whose client is not told', { ...console, client: null }, 'console'],
    ["somebody's console", { ...console, user: 'alice' }, 'user'],
    ["somebody's session", alice, 'user'],
    ['a session that nobody has logged on to yet', { ...alice, user: '', domain: '' }, 'user'],
    [
      'what enumeration calls a listener',
      { ...console, id: 65_536, state: 6, name: 'RDP-Tcp', client: null },
      'listener',
    ],
  ])('%s', (_, session, kind) => {
    expect(read(session).kind).toBe(kind);
  });
});

test.each([
  [0, 'active'],
  [1, 'connected'],
  [4, 'disconnected'],
  [8, 'down'],
  [9, 'init'],
  [10, null],
  [-1, null],
])('WINSTATIONSTATECLASS %d is the state %s', (code, state) => {
  expect(read({ ...alice, state: code }).state).toBe(state);
});

test.each<[SessionFacts, Session['protocol']]>([
  [client({ protocolType: 0 }), 'console'],
  [client({ protocolType: 1 }), 'ica'],
  [client({ protocolType: 2 }), 'rdp'],
  [client({ protocolType: 9 }), null],
  [{ ...alice, client: null }, 'rdp'],
  [{ ...alice, client: null, name: 'ICA-TCP#1' }, 'ica'],
  [{ ...alice, client: null, name: 'console' }, 'console'],
  [disconnected, null],
])('the protocol is what the client says, else what its station is called', (session, protocol) => {
  expect(read(session).protocol).toBe(protocol);
});

describe('a client', () => {
  test.each<[string, SessionFacts, Session['client']]>([
    ['without a name', client({ name: '' }), { name: null, address: '192.0.2.7', display: '1920x1080x32' }],
    ['without a desktop', client({ width: 0 }), { name: 'PC', address: '192.0.2.7', display: null }],
    ['of no depth', client({ colorDepth: 0 }), { name: 'PC', address: '192.0.2.7', display: '1920x1080' }],
    [
      'of the depth with code 4',
      client({ colorDepth: 4 }),
      { name: 'PC', address: '192.0.2.7', display: '1920x1080x16' },
    ],
    ['that is the console', console, { name: null, address: null, display: null }],
    ['that left', disconnected, { name: null, address: null, display: null }],
    ['that tells its address alone', { ...alice, client: null }, { name: null, address: '192.0.2.7', display: null }],
  ])('%s', (_, session, told) => {
    expect(read(session).client).toEqual(told);
  });
});

describe('idle time', () => {
  test.each<[string, SessionFacts, number | null]>([
    ['is since the input that the protocol tells of', alice, 600],
    ['is since the input that LSM tells of, else', { ...alice, lastInputTime: null }, 700],
    ['is not since a time shortly after 1601', { ...alice, lastInputTime: hoursAfter1601 }, 700],
    ['is never longer than the session', { ...alice, lastInputTime: ago(90_000) }, 7200],
    [
      'is never longer than the connection, without a logon',
      { ...withTimes({ loggedOn: 0n }), lastInputTime: ago(90_000) },
      3600,
    ],
    ['is nothing where the input is in the future', { ...alice, lastInputTime: now + 600_000_000n }, 0],
    ['is not known where no input is', { ...withTimes({ lastInput: 0n }), lastInputTime: 0n }, null],
    ['is not known where nothing is told', { ...alice, times: null, lastInputTime: null }, null],
    ['is what is told where the session tells no times', { ...alice, times: null }, 600],
  ])('%s', (_, session, idle) => {
    expect(read(session).idleFor).toBe(idle);
  });

  const fileTime = fc.oneof(
    fc.constantFrom(0n, hoursAfter1601, -1n, 2n ** 63n - 1n),
    fc.integer({ min: -200_000, max: 200_000 }).map(ago),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );

  test('is never negative and never longer than the session, whatever times the host tells', () => {
    fc.assert(
      fc.property(fileTime, fileTime, fileTime, fileTime, (loggedOn, connected, lastInput, lastInputTime) => {
        const session = { ...withTimes({ loggedOn, connected, lastInput }), lastInputTime };
        const { idleFor, loggedOnAt, connectedAt } = read(session);
        if (idleFor === null) return;
        const starts = [loggedOnAt, connectedAt].flatMap((at) => (at === null ? [] : [at.epochMilliseconds]));
        const age = starts.length === 0 ? Infinity : (nowInstant.epochMilliseconds - Math.min(...starts)) / 1000;
        expect(idleFor).toBeGreaterThanOrEqual(0);
        expect(idleFor).toBeLessThanOrEqual(Math.max(0, age) + 0.001);
      }),
    );
  });
});

describe('times', () => {
  test('of nothing that happened are not told', () => {
    const times = { connected: 0n, disconnected: 0n, loggedOn: hoursAfter1601, lastInput: hoursAfter1601 };
    expect(read({ ...disconnected, times, lastInputTime: 0n })).toMatchObject({
      loggedOnAt: null,
      connectedAt: null,
      disconnectedAt: null,
      lastInputAt: null,
      idleFor: null,
    });
  });

  test('a client left when it did, and only while it is away', () => {
    expect(read(disconnected).disconnectedAt).toEqual(instantAgo(300));
    expect(read(alice).disconnectedAt).toBeNull();
  });

  test('what the host does not tell of a session is null', () => {
    const hidden = { ...alice, times: null, locked: null, lastInputTime: null, client: null, address: null };
    expect(read({ ...hidden, traffic: null, name: '' }, { processes: null })).toMatchObject({
      loggedOnAt: null,
      locked: null,
      protocol: null,
      memoryBytes: null,
      processCount: null,
      cpuPercent: null,
      bytesInPerSecond: null,
    });
  });
});

describe('an identity', () => {
  const other = (session: SessionFacts, changes: Partial<HostFacts> = {}): boolean =>
    read(session, changes).key !== read(alice).key;

  test("is the host's boot, the logon and its account", () => {
    expect(read(alice).identity).toEqual({
      kind: 'windows-logon',
      host: 'wh1',
      boot: String(ago(90_000)),
      sessionId: 2,
      logonTime: String(ago(7200)),
      account: String.raw`CORP\alice`,
    });
  });

  test('is winlogon.exe where nobody is logged on', () => {
    expect(read({ ...alice, user: '', domain: '' }).identity).toMatchObject({
      kind: 'windows-winlogon',
      pid: 900,
      startTime: String(ago(7205)),
    });
  });

  test.each<[string, SessionFacts]>([
    ['has logged on', { ...alice, state: 4, name: '', client: null, lastInputTime: ago(1), silent: ['its state'] }],
    ['connects from elsewhere', withTimes({ connected: ago(5) })],
  ])('stays what it is while the same user %s', (_, session) => {
    expect(other(session)).toBe(false);
  });

  test.each<[string, SessionFacts, Partial<HostFacts>]>([
    ['another user', { ...alice, user: 'bob' }, {}],
    ['another domain', { ...alice, domain: 'WH1' }, {}],
    ['another logon', withTimes({ loggedOn: ago(10) }), {}],
    ['another id', { ...alice, id: 3 }, {}],
    ['another boot', alice, { boot: ago(60) }],
  ])('is another one with %s', (_, session, changes) => {
    expect(other(session, changes)).toBe(true);
  });

  test('can be written as a key and read again, whatever the host tells', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const session = fc.record({
      id: fc.nat(2 ** 31 - 1),
      user: text,
      domain: text,
      loggedOn: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    });
    fc.assert(
      fc.property(session, ({ id, user, domain, loggedOn }) => {
        const { identity, key } = read({ ...withTimes({ loggedOn }), id, user, domain });
        expect(identityOf(key)).toEqual(identity);
      }),
    );
  });
});

test('a listener is a row that waits', () => {
  const listeners = [
    { id: 65_536, name: 'RDP-Tcp', listening: true },
    { id: 65_537, name: 'ICA-TCP', listening: false },
  ];
  const { sessions } = readingOf('wh1', hostFacts({ sessions: [], listeners }), null);
  expect(sessions).toMatchObject([
    { id: 65_536, name: 'RDP-Tcp', kind: 'listener', state: 'listen', protocol: 'rdp', user: null, idleFor: null },
    { id: 65_537, name: 'ICA-TCP', kind: 'listener', state: 'down', protocol: 'ica' },
  ]);
  expect(new Set(sessions.map(({ key }) => key)).size).toBe(2);
});

test('a listener that enumeration tells of too is one row', () => {
  const session = { ...services, id: 65_536, state: 6, name: 'RDP-Tcp' };
  expect(read(session, { listeners: [{ id: 65_536, name: 'RDP-Tcp', listening: true }] }).kind).toBe('listener');
});
