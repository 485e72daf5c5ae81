import { expect, test } from 'vitest';
import type { Session } from '../../sessions/session.ts';
import type { SessionFacts } from './answer.ts';
import { readingOf, splitAccount } from './list.ts';
import { answerWith, disconnected, healthy, now } from './testing/facts.ts';

const root = { uid: 0, user: 'root', sudoRefusal: null, sudoPasswordRefused: false };

function read(facts: SessionFacts): Session {
  const [session] = readingOf('xh1', answerWith(facts), root).sessions;
  if (session === undefined) throw new Error('the reading lost its session');
  return session;
}

const troubleCodesOf = (facts: SessionFacts): string[] => read(facts).troubles.map(({ code }) => code);

test('a connected session is active, with its client', () => {
  expect(read(healthy)).toMatchObject({
    host: 'xh1',
    id: 10,
    name: ':10',
    user: 'alice',
    state: 'active',
    client: { name: 'PC-ALICE', address: '10.213.7.1', display: '1280x1024x24' },
    roundTripMs: 5.9,
    cpuPercent: 3.5,
    bytesOutPerSecond: 2049,
  });
});

test('a disconnected session has no client and tells since when', () => {
  const session = read(disconnected);
  expect(session).toMatchObject({ state: 'disconnected', client: { name: null, address: null, display: null } });
  expect(session.disconnectedAt?.epochMilliseconds).toBe((now - 300) * 1000);
});

test('idle counts from the last input', () => {
  expect(read(healthy).idleFor).toBe(600);
});

test('idle counts from the reconnect when the last input is older', () => {
  expect(read({ ...healthy, idleMs: 7_000_000, joinedAt: now - 60 }).idleFor).toBe(60);
});

test('idle goes on counting while disconnected', () => {
  expect(read({ ...disconnected, idleMs: 1_800_000, joinedAt: now - 3600 }).idleFor).toBe(1800);
});

test('idle on an orphan counts as on any other', () => {
  expect(read({ ...disconnected, managed: false, idleMs: 1_800_000 }).idleFor).toBe(1800);
});

test('idle is never longer than the session', () => {
  expect(read({ ...healthy, joinedAt: null, idleMs: 2 ** 32 - 1 }).idleFor).toBe(7200);
});

test('an idle time that is not known stays unknown', () => {
  expect(read({ ...healthy, idleMs: null })).toMatchObject({ idleFor: null, lastInputAt: null });
});

test('the identity hangs on the X server, its start and its user', () => {
  expect(read(healthy).identity).toMatchObject({ anchor: 'x-server', pid: 148, startTicks: 64_498, uid: 1001 });
});

test('a reconnect keeps the key', () => {
  expect(read(disconnected).key).toBe(read(healthy).key);
});

test('the next session on the same display has another key', () => {
  const next = { ...healthy, xServer: { pid: 148, start: 99_000, name: 'Xorg', state: 'S' } };
  expect(read(next).key).not.toBe(read(healthy).key);
});

test('a healthy session has no trouble', () => {
  expect(troubleCodesOf(healthy)).toEqual([]);
});

test.each<[string, Partial<SessionFacts>, string]>([
  ['a leader that sesman forgot', { managed: false }, 'orphan'],
  ['no leader at all', { leader: null, managed: false }, 'orphan'],
  ['an X server that says nothing', { xAnswered: false }, 'x-server-silent'],
  ['nothing of the user left', { userProcessCount: 0 }, 'no-user-process'],
  [
    'a stopped window manager',
    { windowManager: { pid: 147, start: 64_499, name: 'openbox', state: 'T' } },
    'window-manager-stopped',
  ],
  [
    'a stopped window manager behind a start script',
    { stopped: [{ pid: 180, start: 64_600, name: 'xfwm4', state: 'T' }] },
    'window-manager-stopped',
  ],
  ['a slow link', { rttMicroseconds: 450_000 }, 'slow-client-link'],
  ['a client that acknowledges nothing', { unackedSegments: 3, ackAgeMs: 9000 }, 'slow-client-link'],
])('%s is trouble', (_, difference, code) => {
  expect(troubleCodesOf({ ...healthy, ...difference })).toEqual([code]);
});

test('a session that just began may have no user process yet', () => {
  expect(troubleCodesOf({ ...healthy, userProcessCount: 0, startedAt: now - 2 })).toEqual([]);
});

test('a stopped program that is no window manager is no trouble', () => {
  expect(troubleCodesOf({ ...healthy, stopped: [{ pid: 9, start: 70_000, name: 'vim', state: 'T' }] })).toEqual([]);
});

const left: SessionFacts = {
  ...disconnected,
  xServer: null,
  leader: null,
  managed: false,
  oldest: { pid: 190, start: 64_700, name: 'sleep', state: 'S' },
  leftFor: 0.5,
  processCount: 2,
  idleMs: null,
};

test('what outlived its X server is down, and closing too long', () => {
  expect(read(left)).toMatchObject({
    state: 'down',
    troubles: [{ code: 'closing' }],
    identity: { anchor: 'leftover' },
  });
});

test('a log-off under way is no trouble yet', () => {
  expect(troubleCodesOf({ ...left, leftFor: 0.1 })).toEqual([]);
});

test.each([
  ['alice', { user: 'alice', domain: null }],
  ['CORP\\bob', { user: 'bob', domain: 'CORP' }],
  ['bob@corp.example', { user: 'bob', domain: 'corp.example' }],
  ['CORP+bob', { user: 'CORP+bob', domain: null }],
  ['Zoë Žák', { user: 'Zoë Žák', domain: null }],
])('the account %s is read', (account, expected) => {
  expect(splitAccount(account)).toEqual(expected);
});

test('a user whose account is gone is shown by number', () => {
  expect(read({ ...healthy, user: null }).user).toBe('1001');
});

test('a reading that could not see every process is not complete', () => {
  const answer = { ...answerWith(healthy), everyProcessSeen: false };
  const reading = readingOf('xh1', answer, { uid: 1001, user: 'alice', sudoRefusal: null, sudoPasswordRefused: false });
  expect(reading).toMatchObject({ complete: false, notes: [{ code: 'processes-hidden' }] });
});

test('without root the note names exactly the columns that are missing, and why', () => {
  const poor = { ...healthy, idleMs: null, memoryBytes: null, clientName: null };
  const rights = { uid: 1006, user: 'frank', sudoRefusal: 'sudo: a password is required', sudoPasswordRefused: false };
  expect(readingOf('xh1', answerWith(poor), rights).notes).toMatchObject([
    { code: 'not-root', columns: ['idleFor', 'lastInputAt', 'client.name', 'memoryBytes'] },
  ]);
});

test('without root nothing is noted where nothing is missing', () => {
  expect(
    readingOf('xh1', answerWith(healthy), { uid: 1006, user: 'frank', sudoRefusal: null, sudoPasswordRefused: false })
      .notes,
  ).toEqual([]);
});

test('a display lock that was left behind is noted, with what removes it', () => {
  const reading = readingOf('xh1', { ...answerWith(healthy), staleLocks: [11] }, root);
  expect(reading.notes).toMatchObject([
    { code: 'stale-display-locks', hint: expect.stringContaining('/tmp/.X11-lock') as unknown },
  ]);
});

test('a host without xrdp says so instead of just being empty', () => {
  const reading = readingOf('xh1', { ...answerWith(), sesmanRunning: false }, root);
  expect(reading).toMatchObject({ sessions: [], notes: [{ code: 'sesman-not-running' }] });
});

test('a password that sudo refused is noted even where nothing is missing', () => {
  const rights = { uid: 1005, user: 'erik', sudoRefusal: 'sudo did not take the password', sudoPasswordRefused: true };
  expect(readingOf('xh1', answerWith(), rights).notes).toMatchObject([{ code: 'sudo-refused' }]);
});
