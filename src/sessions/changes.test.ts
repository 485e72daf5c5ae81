import { expect, test } from 'vitest';
import { aSession } from './testing/session.ts';
import { changesBetween, knownAfter } from './changes.ts';
import type { Session, Trouble } from './session.ts';

const whole = (...sessions: readonly Session[]) => ({ complete: true, sessions });
const partial = (...sessions: readonly Session[]) => ({ complete: false, sessions });
const kinds = (older: Session, newer: Session) => changesBetween(whole(older), whole(newer)).map(({ kind }) => kind);
const at = (text: string) => Temporal.Instant.from(text);
const stopped: Trouble = { code: 'window-manager-stopped', reason: 'xfwm4 812 is stopped' };

test('a session that was not there before appeared', () => {
  const session = aSession({ id: 10 });
  expect(changesBetween(whole(), whole(session))).toEqual([{ kind: 'appeared', session }]);
});

test('a session that a complete reading lacks ended', () => {
  const session = aSession({ id: 10 });
  expect(changesBetween(whole(session), whole())).toEqual([{ kind: 'ended', session }]);
});

test('a session that a partial reading lacks did not end', () => {
  expect(changesBetween(whole(aSession({ id: 10 })), partial())).toEqual([]);
});

test('a session that a partial reading lacks ended where the host says so, and is forgotten', () => {
  const [over, other] = [aSession({ id: 10 }), aSession({ id: 11 })];
  const newer = { ...partial(), gone: new Set([10]) };
  expect(changesBetween(whole(over, other), newer)).toEqual([{ kind: 'ended', session: over }]);
  expect(knownAfter(whole(over, other), newer).sessions).toEqual([other]);
});

test('a session that has the id of one that ended is not that one', () => {
  const next = { ...aSession({ id: 10 }), key: 'another' };
  const newer = { ...partial(next), gone: new Set([10]) };
  expect(changesBetween(partial(aSession({ id: 10 }), next), newer).map(({ kind }) => kind)).toEqual(['ended']);
});

test('what partial readings do not mention does not grow without end', () => {
  let known: ReturnType<typeof knownAfter> = whole();
  for (let at = 0; at < 11; at += 1) {
    const sessions = Array.from({ length: 1000 }, (_, id) => ({ ...aSession({ id }), key: `${at}-${id}` }));
    known = knownAfter(known, partial(...sessions));
  }
  known = knownAfter(known, partial());
  expect([known.sessions.length, known.sessions[0]?.key]).toEqual([10_000, '10-0']);
});

test('a session that a partial reading lacked does not appear anew', () => {
  const session = aSession({ id: 10 });
  const known = knownAfter(whole(session), partial());
  expect(changesBetween(known, whole(session))).toEqual([]);
});

test('a new session under the id of an old one is an end and an appearance', () => {
  const old = aSession({ id: 10 });
  const next = { ...aSession({ id: 10 }), key: 'another' };
  expect(changesBetween(whole(old), whole(next)).map(({ kind }) => kind)).toEqual(['ended', 'appeared']);
});

test.each([
  ['a new state', { state: 'disconnected' }, ['state-changed']],
  ['nothing but input', { idleFor: null, lastInputAt: at('2026-03-02T14:00:00Z') }, []],
  ['another connection time', { connectedAt: at('2026-03-02T13:00:00Z') }, ['reconnected']],
  ['another client address', { client: { name: 'a', address: '10.0.0.9', display: null } }, ['reconnected']],
  ['a screen that was locked', { locked: true }, ['locked']],
  ['a disconnect that locks', { state: 'disconnected', locked: true }, ['state-changed', 'locked']],
  ['a screen of which the host no longer tells whether it is locked', { locked: null }, []],
  ['a client whose name is no longer known', { client: { name: null, address: '10.0.0.5', display: null } }, []],
] satisfies readonly (readonly [string, Partial<Session>, readonly string[]])[])('%s', (_what, facts, expected) => {
  const before = aSession({
    id: 10,
    locked: false,
    connectedAt: at('2026-03-02T12:00:00Z'),
    client: { name: 'a', address: '10.0.0.5', display: null },
  });
  expect(kinds(before, { ...before, ...facts })).toEqual(expected);
});

test('a session that was disconnected and is active reconnected', () => {
  expect(kinds(aSession({ id: 10, state: 'disconnected' }), aSession({ id: 10 }))).toEqual(['reconnected']);
});

test('a screen that is no longer locked was unlocked', () => {
  expect(kinds(aSession({ id: 10, locked: true }), aSession({ id: 10, locked: false }))).toEqual(['unlocked']);
});

test('a screen of which nothing was told before was not locked now', () => {
  expect(kinds(aSession({ id: 10, locked: null }), aSession({ id: 10, locked: true }))).toEqual([]);
});

test('a trouble begins and ends once, however its measure moves', () => {
  const [well, ill] = [aSession({ id: 10 }), aSession({ id: 10, troubles: [stopped] })];
  expect(kinds(well, ill)).toEqual(['trouble-began']);
  expect(kinds(ill, { ...ill, troubles: [{ ...stopped, reason: 'still' }] })).toEqual([]);
  expect(kinds(ill, well)).toEqual(['trouble-ended']);
});
