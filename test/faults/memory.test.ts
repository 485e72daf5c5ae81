import { expect, test } from 'vitest';
import { Chance } from '../../src/simulator/people/random.ts';
import { aClient } from './harness/client.ts';
import { aFaultyEstate, type FaultyEstate } from './harness/estate.ts';
import { faults } from './harness/faults.ts';
import { growthOf } from './harness/heap.ts';
import { type Left, leftOf, nothingLeft, resources } from './harness/left.ts';
import { swept } from './harness/swept.ts';
import { WatchedEstate } from './harness/watched.ts';

/** Bytes that a visit, a connection or a reading may leave behind. */
const most = 128;

/** One host of every fault, and a few that are as they should be. */
const everyFault = (): Promise<FaultyEstate> =>
  aFaultyEstate([...faults, ...faults.filter((_, at) => at % 4 === 0).map(() => null)], 1, { sessions: 1 });

test('a process that sweeps faulty hosts again and again does not grow', { timeout: 120_000 }, async () => {
  await using estate = await everyFault();
  const [client, { signal }] = [aClient(1), new AbortController()];
  const before = resources();
  let left: Left | null = null;
  // Nobody waits for the first logon with a password afterwards.
  await swept(
    client,
    estate.hosts.filter(({ fault }) => fault === null),
    signal,
  );
  const sweepAll = async (): Promise<void> => {
    await swept(client, estate.hosts, signal);
    left = await leftOf({ client, estate, signal, before });
  };
  const growth = await growthOf(sweepAll, { warmUp: 3, measured: 5 });
  expect(growth / estate.hosts.length).toBeLessThan(most);
  expect(left).toEqual(nothingLeft);
});

test('a process that watches hosts that die and come back does not grow', { timeout: 120_000 }, async () => {
  await using watched = await WatchedEstate.start(8, 1);
  const chance = new Chance(1);
  await watched.connected();
  const live = async (): Promise<void> => {
    watched.die(chance);
    await watched.lost();
    await watched.comeBack();
  };
  // Some rounds end with one piece of Buffer's pool (64 KiB) more or less: more rounds than that are measured.
  const growth = await growthOf(live, { warmUp: 3, measured: 11 });
  expect(growth / watched.size).toBeLessThan(most);
});

test('a process that watches hosts at which nothing happens does not grow', { timeout: 120_000 }, async () => {
  await using watched = await WatchedEstate.start(8, 1);
  await watched.connected();
  const growth = await growthOf(() => watched.readAgain(), { warmUp: 5, measured: 5 });
  expect(growth / watched.size).toBeLessThan(most);
});
