import { describe, expect, test } from 'vitest';
import type { HostDriver } from '../hosts/driver.ts';
import { milliseconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { aSession } from '../sessions/testing/session.ts';
import { gather, type HostOutcome, listSessions, sweep } from './sweep.ts';
import { anEstate } from './testing/estate.ts';
import { aFleet } from './testing/fleet.ts';
import { aHost } from './testing/inventory.ts';
import { manualTimers } from './testing/timers.ts';

const never = new AbortController().signal;
const hosts = (...names: readonly string[]) => names.map((name) => aHost(name));
const told = (outcome: HostOutcome<unknown>): string =>
  `${outcome.host.name} ${outcome.ok ? 'ok' : outcome.error.code}`;
const unreachable = new UsherError({ code: 'unreachable', message: 'nothing listens' });

test('one dead host is one failure while the others list, in the order of the hosts', async () => {
  const estate = anEstate({ xh1: { readings: [[aSession({ id: 10 })]] }, xh2: { failure: unreachable } });
  const work = { hosts: hosts('xh2', 'xh1', 'xh3'), signal: never, read: listSessions };
  expect((await gather(aFleet(estate), work)).map(told)).toEqual(['xh2 unreachable', 'xh1 ok', 'xh3 ok']);
});

test('a failure names its host', async () => {
  const estate = anEstate({ xh2: { failure: unreachable } });
  const [outcome] = await gather(aFleet(estate), { hosts: hosts('xh2'), signal: never, read: listSessions });
  expect(outcome?.ok === false && outcome.error.host).toBe('xh2');
});

test('a host that breaks off is one to be examined', async () => {
  const lost = new UsherError({ code: 'connection_lost', message: 'it ended' });
  const estate = anEstate({ xh1: { onList: () => lost } });
  const [outcome] = await gather(aFleet(estate), { hosts: hosts('xh1'), signal: never, read: listSessions });
  expect(outcome?.ok === false && outcome.error.hint).toBe('usher doctor xh1 says why');
});

test('an answer comes as soon as it is there, not when all are', async () => {
  const estate = anEstate({ xh1: { silent: 'heeds' } });
  const outcomes = sweep(aFleet(estate), { hosts: hosts('xh1', 'xh2'), signal: never, read: listSessions });
  const first = await outcomes.next();
  await outcomes.return();
  expect(first.value && told(first.value)).toBe('xh2 ok');
});

test.each(['heeds', 'ignores'] as const)('a silent host that %s the abort is a time-out', async (silent) => {
  const timers = manualTimers();
  const fleet = aFleet(anEstate({ xh1: { silent } }), { timers });
  const outcomes = gather(fleet, { hosts: hosts('xh1'), signal: never, read: listSessions });
  timers.pass(15_000);
  const [outcome] = await outcomes;
  expect(outcome?.ok === false && outcome.error).toMatchObject({ code: 'timeout', message: 'no answer within 15 s' });
});

test('no more hosts than the limit are spoken to at once', async () => {
  const estate = anEstate({});
  const names = Array.from({ length: 20 }, (_, index) => `xh${index}`);
  await gather(aFleet(estate, { parallel: 3 }), { hosts: hosts(...names), signal: never, read: listSessions });
  expect(estate.mostOpen()).toBeLessThanOrEqual(3);
});

test('a defect in reading one host is told as its failure', async () => {
  const estate = anEstate({ xh1: { failure: new TypeError('x is not a function') } });
  const [outcome] = await gather(aFleet(estate), { hosts: hosts('xh1'), signal: never, read: listSessions });
  expect(outcome && told(outcome)).toBe('xh1 bad_answer');
});

test('a host of a kind without driver is told as unsupported', async () => {
  const windows = aHost('w1', { url: { scheme: 'windows', user: null, domain: null, address: 'w1', port: null } });
  const [outcome] = await gather(aFleet(anEstate({})), { hosts: [windows], signal: never, read: listSessions });
  expect(outcome && told(outcome)).toBe('w1 unsupported');
});

describe('connections', () => {
  test('are closed when their host was read', async () => {
    const estate = anEstate({});
    await gather(aFleet(estate), { hosts: hosts('xh1'), signal: never, read: listSessions });
    expect(estate.events).toEqual(['connect xh1', 'close xh1']);
  });

  test('are closed when the reading fails', async () => {
    const estate = anEstate({});
    const read = (): Promise<never> => Promise.reject(unreachable);
    await gather(aFleet(estate), { hosts: hosts('xh1'), signal: never, read });
    expect(estate.events).toEqual(['connect xh1', 'close xh1']);
  });

  test('stay open where the caller keeps them', async () => {
    const estate = anEstate({});
    const work = { hosts: hosts('xh1'), signal: never, read: listSessions, keep: () => true };
    const [outcome] = await gather(aFleet(estate), work);
    expect([estate.events, outcome?.ok === true && outcome.connection !== null]).toEqual([['connect xh1'], true]);
  });
});

test('an abort ends it at once, with the reason', async () => {
  const controller = new AbortController();
  const fleet = aFleet(anEstate({ xh1: { silent: 'ignores' } }));
  const outcomes = gather(fleet, { hosts: hosts('xh1'), signal: controller.signal, read: listSessions });
  controller.abort(new Error('left'));
  await expect(outcomes).rejects.toThrow('left');
});

test('a host that took a password nobody has accepted, and hung up, is not offered it again', async () => {
  const judging = Promise.reject(new UsherError({ code: 'connection_lost', message: 'it ended' }));
  judging.catch(() => undefined);
  const estate = anEstate({ xh1: { password: 'right', judging } });
  const timers = manualTimers();
  const fleet = { ...aFleet(estate, { password: 'right', timers }), random: () => 0 };
  const outcomes = gather(fleet, { hosts: hosts('xh1'), signal: never, read: listSessions, repeatable: true });
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    timers.pass(2000);
  }
  expect((await outcomes).map(told)).toEqual(['xh1 connection_lost']);
  expect(estate.events.filter((event) => event.startsWith('password'))).toEqual(['password xh1']);
});

test('connections that nobody took are closed when a sweep is left', async () => {
  const estate = anEstate({ xh1: {}, xh2: {}, xh3: {} });
  const work = { hosts: hosts('xh1', 'xh2', 'xh3'), signal: never, read: listSessions, keep: () => true };
  const outcomes = sweep(aFleet(estate), work);
  await outcomes.next();
  await new Promise((resolve) => setImmediate(resolve));
  await outcomes.return();
  expect(estate.events.filter((event) => event.startsWith('close')).toSorted()).toEqual(['close xh2', 'close xh3']);
});

test('a sweep for which the machine has no more sockets speaks to fewer hosts at once', async () => {
  const cause = Object.assign(new Error('too many open files'), { code: 'EMFILE' });
  const starved = new UsherError({ code: 'unreachable', message: 'no socket', cause });
  let [calls, connecting, most] = [0, 0, 0];
  const driver: HostDriver = {
    ...anEstate({}).driver,
    async connect() {
      calls += 1;
      connecting += 1;
      // The first ones were begun before any failed.
      if (calls > 32) most = Math.max(most, connecting);
      await new Promise((resolve) => setImmediate(resolve));
      connecting -= 1;
      throw starved;
    },
  };
  const fleet = { ...aFleet(anEstate({}), { parallel: 64 }), drivers: [driver] };
  const names = Array.from({ length: 100 }, (_, at) => `xh${at}`);
  await gather(fleet, { hosts: hosts(...names), signal: never, read: listSessions });
  expect(most).toBeLessThanOrEqual(8);
});

describe('a host that is to be tried again', () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** What waits for another try waits for 450 ms. */
  const begun = (names: readonly string[], timeout = 15_000) => {
    const timers = manualTimers();
    const estate = anEstate({ xh1: { failure: unreachable } });
    const base = aFleet(estate, { timers, parallel: 1 });
    const fleet = { ...base, timeout: milliseconds(timeout), random: () => 0.999 };
    return { timers, estate, outcomes: gather(fleet, { hosts: hosts(...names), signal: never, read: listSessions }) };
  };

  test('makes room for another one meanwhile', async () => {
    const { timers, estate, outcomes } = begun(['xh1', 'xh2']);
    await turn();
    timers.pass(250);
    await turn();
    expect(estate.events).toEqual(['connect xh1', 'connect xh2', 'close xh2']);
    timers.pass(450);
    expect((await outcomes).map(told)).toEqual(['xh1 unreachable', 'xh2 ok']);
  });

  test('is not when its time is over, and is told why it failed', async () => {
    const { timers, estate, outcomes } = begun(['xh1'], 400);
    await turn();
    timers.pass(400);
    expect((await outcomes).map(told)).toEqual(['xh1 unreachable']);
    expect(estate.events).toEqual(['connect xh1']);
  });
});
