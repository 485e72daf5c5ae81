import { expect, test } from 'vitest';
import { baselineOf } from './rates.ts';
import { readingOf } from './sessions.ts';
import { withSome } from './some-sessions.ts';
import { ago, alice, disconnected, hostFacts, system } from './testing/facts.ts';

const facts = hostFacts({ listeners: [{ id: 65_536, name: 'RDP-Tcp', listening: true }] });
const last = readingOf('wh1', facts, null);
const before = baselineOf(facts);
const some = { now: facts.now, boot: facts.boot, sessions: [], gone: new Set<number>() };
const of = (id: number, reading = last) => reading.sessions.find((session) => session.id === id);

test('what was not read again stays as it was', () => {
  const reading = withSome(last, { ...some, sessions: [disconnected] }, before);
  expect(of(1, reading)).toBe(of(1));
  expect(reading).toMatchObject({ complete: true, notes: last.notes, bootedAt: last.bootedAt });
});

test('a session is told anew in its place, with what its processes told before', () => {
  const reading = withSome(last, { ...some, sessions: [disconnected] }, before);
  expect(reading.sessions.map(({ id }) => id)).toEqual(last.sessions.map(({ id }) => id));
  expect(of(alice.id, reading)).toMatchObject({ state: 'disconnected', key: of(alice.id)?.key, processCount: 2 });
});

test('a trouble that processes told of stays until they are read again', () => {
  const empty = readingOf('wh1', { ...facts, processes: [system] }, null);
  const reading = withSome(empty, { ...some, sessions: [disconnected] }, before);
  expect(of(alice.id, reading)?.troubles).toMatchObject([{ code: 'no-user-process' }]);
});

test('of another session under the same id nothing is taken over', () => {
  const other = {
    ...alice,
    user: 'bob',
    times: { connected: ago(5), disconnected: 0n, loggedOn: ago(5), lastInput: 0n },
  };
  const reading = withSome(last, { ...some, sessions: [other] }, before);
  expect(of(alice.id, reading)).toMatchObject({ user: 'bob', processCount: null, memoryBytes: null, cpuPercent: null });
});

test('what is gone is left out, but for listeners, and what is new comes last', () => {
  const fresh = { ...alice, id: 9, user: 'carol' };
  const reading = withSome(last, { ...some, sessions: [fresh], gone: new Set([alice.id, 65_536]) }, before);
  expect(reading.sessions.map(({ id }) => id)).toEqual([0, 1, 65_536, 9]);
  expect(reading.gone).toEqual(new Set([alice.id, 65_536]));
});

test('a listener is not told anew as the session of the same id', () => {
  const listening = readingOf('wh1', hostFacts({ listeners: [{ id: 9, name: 'RDP-Tcp', listening: true }] }), null);
  const reading = withSome(listening, { ...some, sessions: [{ ...alice, id: 9, user: 'carol' }] }, before);
  expect(reading.sessions.filter(({ id }) => id === 9).map(({ kind }) => kind)).toEqual(['listener', 'user']);
});

test('traffic is told as a rate of the time since the whole host was read', () => {
  const later = facts.now + 20_000_000n;
  const busy = { ...alice, traffic: { fromClient: 3000, toClient: 5000 } };
  const reading = withSome(last, { ...some, now: later, sessions: [busy] }, before);
  expect(of(alice.id, reading)).toMatchObject({ bytesInPerSecond: 1000, bytesOutPerSecond: 0 });
});
