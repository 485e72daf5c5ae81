import { expect, test } from 'vitest';
import type { HostConnection, HostDriver } from '../hosts/driver.ts';
import { milliseconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { aSession } from '../sessions/testing/session.ts';
import { anEstate, type HostPlan } from './testing/estate.ts';
import { aFleet } from './testing/fleet.ts';
import { aHost } from './testing/inventory.ts';
import { manualTimers } from './testing/timers.ts';
import { watchHosts, type WatchEvent } from './watch.ts';

function told(event: WatchEvent): string {
  const { kind, host } = event;
  if (kind === 'changes') return `${host.name} ${event.changes.map((change) => change.kind).join(' ')}`;
  if (kind === 'lost') return `${host.name} lost ${event.error.code} ${event.retryIn}`;
  return `${host.name} ${kind}`;
}

async function watched(plans: Readonly<Record<string, HostPlan>>): Promise<readonly string[]> {
  const hosts = Object.keys(plans).map((name) => aHost(name));
  const events: string[] = [];
  for await (const event of watchHosts(aFleet(anEstate(plans)), hosts, new AbortController().signal)) {
    if (event.kind !== 'known') events.push(told(event));
  }
  return events;
}

const [active, disconnected] = [aSession({ id: 10 }), aSession({ id: 10, state: 'disconnected' })];

test('the first reading comes whole, then the changes alone', async () => {
  const readings = [[active], [active], [disconnected], []];
  expect(await watched({ xh1: { readings } })).toEqual(['xh1 first', 'xh1 state-changed', 'xh1 ended']);
});

test('an incomplete reading ends no session', async () => {
  expect(await watched({ xh1: { readings: [[active], []], complete: false } })).toEqual(['xh1 first']);
});

test('after every reading it is told what is known, which an incomplete one does not lessen', async () => {
  const plans = { xh1: { readings: [[active], [], [disconnected]], complete: false } };
  const known: unknown[] = [];
  for await (const event of watchHosts(aFleet(anEstate(plans)), [aHost('xh1')], new AbortController().signal)) {
    if (event.kind === 'known') known.push(event.sessions.map(({ state }) => state));
  }
  expect(known).toEqual([['active'], ['active'], ['disconnected']]);
});

test('notes are told once', async () => {
  const notes = [{ code: 'not-root', message: 'not root', columns: [], hint: null }];
  expect(await watched({ xh1: { readings: [[], [], []], notes } })).toEqual(['xh1 first', 'xh1 notes']);
});

test('a host that refuses the logon is not tried again', async () => {
  const failure = new UsherError({ code: 'logon_failed', message: 'refused' });
  expect(await watched({ xh1: { failure } })).toEqual(['xh1 lost logon_failed null']);
});

/** Fails to connect as often as said, then gives one reading for each connection. */
function flaky(failures: number, readings: readonly (readonly ReturnType<typeof aSession>[])[]): HostDriver {
  let calls = 0;
  return {
    schemes: ['ssh'],
    async *examine() {},
    async connect(host, credential, signal): Promise<HostConnection> {
      calls += 1;
      const reading = readings[calls - failures - 1];
      if (reading === undefined) throw new UsherError({ code: 'unreachable', message: 'nothing listens' });
      const estate = anEstate({ [host.name]: { readings: [reading] } });
      const connection = await estate.driver.connect(host, credential, signal);
      return {
        ...connection,
        async *watch(inner) {
          yield* connection.watch(inner);
          throw new UsherError({ code: 'connection_lost', message: 'lost' });
        },
      };
    },
  };
}

test('a lost host is tried again, later each time, and resynchronised', async () => {
  const timers = manualTimers();
  const controller = new AbortController();
  const driver = flaky(2, [[active], [disconnected]]);
  const fleet = { ...aFleet(anEstate({}), { timers }), drivers: [driver] };
  const events: string[] = [];
  for await (const event of watchHosts(fleet, [aHost('xh1')], controller.signal)) {
    if (event.kind !== 'known') events.push(told(event));
    if (event.kind === 'lost') setImmediate(() => timers.pass(event.retryIn ?? 0));
    if (event.kind === 'changes') controller.abort();
  }
  expect(events).toEqual([
    'xh1 lost unreachable 1000',
    'xh1 lost unreachable 2000',
    'xh1 back',
    'xh1 first',
    'xh1 lost connection_lost 5000',
    'xh1 back',
    'xh1 state-changed',
  ]);
});

/** Watches a host that answers once and drops, each time after so many milliseconds; answers how long is waited after each. */
async function delaysAfter(held: readonly number[]): Promise<readonly (number | null)[]> {
  const [timers, controller] = [manualTimers(), new AbortController()];
  let [now, connections] = [0, 0];
  const machine = { now: () => milliseconds(now), busy: () => null, atWork: () => milliseconds(0) };
  const estate = anEstate({ xh1: { readings: [[active]] } });
  const driver: HostDriver = {
    ...estate.driver,
    async connect(...asked) {
      const connection = await estate.driver.connect(...asked);
      return {
        ...connection,
        async *watch(signal) {
          yield* connection.watch(signal);
          now += held[connections] ?? 0;
          connections += 1;
          throw new UsherError({ code: 'connection_lost', message: 'lost' });
        },
      };
    },
  };
  const fleet = { ...aFleet(estate, { timers }), drivers: [driver], machine };
  const delays: (number | null)[] = [];
  for await (const event of watchHosts(fleet, [aHost('xh1')], controller.signal)) {
    if (event.kind !== 'lost') continue;
    delays.push(event.retryIn);
    if (delays.length === held.length) controller.abort();
    setImmediate(() => timers.pass(event.retryIn ?? 0));
  }
  return delays;
}

test('a host that answers and drops is tried again later each time', async () => {
  const delays = await delaysAfter([0, 100, 2000, 59_999, 0, 0, 0]);
  expect(delays).toEqual([1000, 2000, 5000, 10_000, 30_000, 60_000, 60_000]);
});

test('a host that held for a minute is tried again as soon as at its first loss', async () => {
  expect(await delaysAfter([0, 0, 60_000, 0])).toEqual([1000, 2000, 1000, 2000]);
});

test('connections are closed when nobody watches any more', async () => {
  const estate = anEstate({ xh1: { readings: [[active]] } });
  const events = watchHosts(aFleet(estate), [aHost('xh1')], new AbortController().signal);
  await events.next();
  await events.return();
  expect(estate.events).toEqual(['connect xh1', 'close xh1']);
});

test('no more hosts are connected to at once than the limit, and all of them are watched', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `xh${index}`);
  let [connecting, most] = [0, 0];
  const estate = anEstate(Object.fromEntries(names.map((name) => [name, { readings: [[active]] }])));
  const driver: HostDriver = {
    ...estate.driver,
    async connect(...asked) {
      connecting += 1;
      most = Math.max(most, connecting);
      await new Promise((resolve) => setImmediate(resolve));
      connecting -= 1;
      return await estate.driver.connect(...asked);
    },
  };
  const fleet = { ...aFleet(estate, { parallel: 3 }), drivers: [driver] };
  const first = new Set<string>();
  for await (const event of watchHosts(
    fleet,
    names.map((name) => aHost(name)),
    new AbortController().signal,
  )) {
    if (event.kind === 'first') first.add(event.host.name);
  }
  expect([most, first.size]).toEqual([3, 30]);
});

test('hosts that are lost together are tried again at different times', async () => {
  const failure = new UsherError({ code: 'unreachable', message: 'nothing listens' });
  const controller = new AbortController();
  const numbers = [0, 0.5, 0.999];
  const fleet = {
    ...aFleet(anEstate({ a: { failure }, b: { failure }, c: { failure } })),
    random: () => numbers.shift() ?? 0.5,
  };
  const delays: unknown[] = [];
  for await (const event of watchHosts(
    fleet,
    ['a', 'b', 'c'].map((name) => aHost(name)),
    controller.signal,
  )) {
    if (event.kind === 'lost' && delays.push(event.retryIn) === 3) controller.abort();
  }
  expect(delays).toEqual([500, 1000, 1499]);
});

test('a host that has answered is watched for longer than it may take to connect', async () => {
  const [timers, controller] = [manualTimers(), new AbortController()];
  const estate = anEstate({ xh1: { readings: [[active]] } });
  const driver: HostDriver = {
    ...estate.driver,
    async connect(...asked) {
      const connection = await estate.driver.connect(...asked);
      return {
        ...connection,
        async *watch(signal) {
          yield* connection.watch(signal);
          timers.pass(60_000);
          signal.throwIfAborted();
          yield* connection.watch(signal);
        },
      };
    },
  };
  const kinds: string[] = [];
  const fleet = { ...aFleet(estate, { timers }), drivers: [driver] };
  for await (const { kind } of watchHosts(fleet, [aHost('xh1')], controller.signal)) kinds.push(kind);
  expect(kinds).toEqual(['first', 'known', 'known']);
});

test('a watch for which the machine has no more sockets connects to fewer hosts at once', async () => {
  const starved = new UsherError({
    code: 'unreachable',
    message: 'no socket',
    cause: Object.assign(new Error('too many open files'), { code: 'EMFILE' }),
  });
  const controller = new AbortController();
  let [connecting, most, isStarved] = [0, 0, true];
  const driver: HostDriver = {
    schemes: ['ssh'],
    async *examine() {},
    async connect() {
      connecting += 1;
      most = Math.max(most, connecting);
      await new Promise((resolve) => setImmediate(resolve));
      connecting -= 1;
      throw starved;
    },
  };
  const timers = manualTimers();
  const hosts = Array.from({ length: 40 }, (_, at) => aHost(`xh${at}`));
  const fleet = { ...aFleet(anEstate({}), { timers, parallel: 64 }), drivers: [driver] };
  let lost = 0;
  for await (const event of watchHosts(fleet, hosts, controller.signal)) {
    if (event.kind === 'lost') lost += 1;
    if (lost === 40 && isStarved) {
      [isStarved, most] = [false, 0];
      setImmediate(() => timers.pass(1000));
    }
    if (lost === 80) controller.abort();
  }
  expect(most).toBeLessThanOrEqual(8);
});

test('more hosts are connected to at once as long as they answer', async () => {
  const names = Array.from({ length: 200 }, (_, at) => `xh${at}`);
  const estate = anEstate(Object.fromEntries(names.map((name) => [name, { readings: [[active]] }])));
  let [connecting, most] = [0, 0];
  const driver: HostDriver = {
    ...estate.driver,
    async connect(...asked) {
      connecting += 1;
      most = Math.max(most, connecting);
      await new Promise((resolve) => setImmediate(resolve));
      connecting -= 1;
      return await estate.driver.connect(...asked);
    },
  };
  const machine = { now: () => milliseconds(0), busy: () => null, atWork: () => milliseconds(0) };
  const fleet = { ...aFleet(estate, { parallel: 64 }), drivers: [driver], machine };
  const hosts = names.map((name) => aHost(name));
  for await (const _event of watchHosts(fleet, hosts, new AbortController().signal));
  expect(most).toBe(64);
});
