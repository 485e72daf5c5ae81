import { describe, expect, test } from 'vitest';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { aSession } from '../sessions/testing/session.ts';
import { act, actsIn, person } from './testing/acting.ts';
import { aWindowsSession } from './testing/windows-session.ts';

const alice = aWindowsSession({ id: 2, user: 'alice', state: 'disconnected' });
const bob = aWindowsSession({ id: 3, user: 'bob' });
const carol = aWindowsSession({ id: 4, user: 'carol', state: 'disconnected' });
const readings: readonly (readonly Session[])[] = [[alice, bob, carol]];

test('a desktop is given to the client of another session, and both are read again', async () => {
  const { code, out, estate } = await act('connect alice bob --yes', { readings });
  expect(actsIn(estate)).toEqual(['show alice to bob']);
  expect(out).toMatch(
    /ssh:\/\/a 2 CORP\\alice \(RDP-Tcp#2\) {2}connected: it has the client of session 3, re-read 14:00:0\d\n$/,
  );
  expect(code).toBe(0);
});

test('--json has what was done and what proves it', async () => {
  const { out } = await act('connect 2 3 --yes --json', { readings });
  expect(JSON.parse(out)).toMatchObject({
    acts: [{ id: 2, user: 'alice', act: 'connect', outcome: 'connected', provedAt: '2026-03-02T14:00:00Z' }],
    errors: [],
  });
});

describe('it is confirmed', () => {
  test('by the name of whose desktop it is, after both were shown', async () => {
    const terminal = person('alice');
    const { code, err } = await act('connect alice bob', { readings }, { terminal });
    expect(terminal.asked).toEqual([
      String.raw`To show the desktop of CORP\alice (session 2) on the client of CORP\bob (session 3), on ssh://a, type the first one's user: `,
    ]);
    expect(err).toMatch(/alice[^]*bob/);
    expect(code).toBe(0);
  });

  test('and by no other answer', async () => {
    const { code, estate } = await act('connect alice bob', { readings }, { terminal: person('bob') });
    expect([code, actsIn(estate)]).toEqual([4, []]);
  });

  test('by --yes alone in a pipe', async () => {
    const { code, err, estate } = await act('connect alice bob', { readings });
    expect(err).toContain('nobody can be asked: nothing was done; say --yes, or look first with --dry-run');
    expect([code, actsIn(estate)]).toEqual([2, []]);
  });
});

test('--dry-run shows both and does nothing', async () => {
  const { code, out, estate } = await act('connect alice bob --dry-run', { readings });
  expect(out).toMatch(/alice[^]*bob/);
  expect(out).toContain(
    String.raw`Nothing was done. It would show the desktop of CORP\alice (session 2) on the client of CORP\bob (session 3), on ssh://a, then read both again.`,
  );
  expect([code, actsIn(estate)]).toEqual([0, []]);
});

describe('it is refused, and nothing is done, where', () => {
  test.each<[string, string, readonly (readonly Session[])[], string, number]>([
    ['both are one', 'connect alice 2 --yes', readings, 'both names mean the same session', 2],
    ['the other has no client', 'connect alice carol --yes', readings, 'it has no client to show anything', 4],
    [
      'the host is Linux',
      'connect alice bob --yes',
      [[aSession({ host: 'ssh://a', id: 10, user: 'alice' }), aSession({ host: 'ssh://a', id: 11, user: 'bob' })]],
      'a desktop of an xrdp host goes to whoever logs on as its user',
      4,
    ],
    [
      'one is the services',
      'connect alice 0 --yes',
      [[alice, { ...aWindowsSession({ id: 0, user: null, domain: null }), kind: 'services' }]],
      'these are the services of the host',
      4,
    ],
  ])('%s', async (_, line, sessions, message, exit) => {
    const { code, err, estate } = await act(line, { readings: sessions });
    expect(err).toContain(message);
    expect([code, actsIn(estate)]).toEqual([exit, []]);
  });
});

test('a session that is another one by now is session_changed', async () => {
  const onAct = () =>
    new UsherError({ code: 'session_changed', message: 'it was alice, it is bob now: nothing was done' });
  const { code, err } = await act('connect alice bob --yes', { readings, onAct });
  expect(err).toContain('session changed: it was alice, it is bob now: nothing was done');
  expect(code).toBe(4);
});

test('a host that says yes and shows the desktop nowhere is not called done', async () => {
  const { code, err } = await act('connect alice bob --yes --patience 5s', { readings, onAct: () => 'hangs' });
  expect(err).toContain('failed: it is disconnected: no client shows it');
  expect(code).toBe(1);
});

test('a host that cannot be read again leaves it unknown', async () => {
  const onLook = (session: Session) =>
    session.state === 'active' ? new UsherError({ code: 'access_denied', message: 'not yours' }) : session;
  const { code, err } = await act('connect alice bob --yes --patience 5s', { readings, onLook });
  expect(err).toContain('unknown: whether it has a client cannot be seen: not yours');
  expect(code).toBe(3);
});

test('Ctrl-C while the host does it tells what is known', async () => {
  const leaving = new AbortController();
  const onAct = () => {
    leaving.abort();
    return 'connects' as const;
  };
  const { signal } = leaving;
  const { code, out, estate } = await act('connect alice bob --yes', { readings, onAct }, { signal });
  expect(actsIn(estate)).toEqual(['show alice to bob']);
  expect(out).toMatch(/alice \(RDP-Tcp#2\) {2}connected: /);
  expect(code).toBe(0);
});
