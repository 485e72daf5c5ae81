import { beforeAll, describe, expect, test } from 'vitest';
import type { FleetHost } from '../../src/fleet/inventory.ts';
import { anEstate } from '../../src/fleet/testing/estate.ts';
import { aHost } from '../../src/fleet/testing/inventory.ts';
import { aClient } from './harness/client.ts';
import { type Arrival, askingFirst, ColdSweep } from './harness/cold.ts';
import { drawFaults } from './harness/draw.ts';
import { aFaultyEstate } from './harness/estate.ts';
import { type Fault, faults } from './harness/faults.ts';
import { type Left, leftOf, nothingLeft, resources, turns } from './harness/left.ts';

/** How long the gate waits for a host that does not tell what it thinks of a password (`src/fleet/logon-gate.ts`). */
const patience = 8000;
/** After how long a host that waits for another one's logon makes room for one that does not (`src/fleet/lane.ts`). */
const shortPause = 250;
const hosts = 45;
/** Of hosts that do not tell there is only the one that is asked first: after a second one the password rests. */
const telling = faults.filter(({ isUntelling }) => isUntelling !== true);
const untelling = (name: string): Fault => {
  const fault = faults.find((one) => one.name === name && one.isUntelling === true);
  if (fault === undefined) throw new TypeError(`no host ${name} and tells nothing`);
  return fault;
};
/** They are SSH hosts, which need no password. */
const open = Array.from({ length: 15 }, (_, at) => aHost(`open${at}`));

describe.each<[string, Fault | null, number]>([
  ['takes the password and falls silent', untelling('falls silent in the logon'), patience],
  ['takes the password and hangs up', untelling('hangs up in the logon'), 0],
  ['lets the account in', null, 0],
])('where nobody has logged on yet, a third of the hosts are faulty, and the first one %s', (_what, first, wait) => {
  describe.each([1, 2])('(seed %i)', (seed) => {
    let [healthy, arrivals]: [readonly FleetHost[], ReadonlyMap<string, Arrival>] = [[], new Map()];
    let [early, late]: [readonly string[], Left | null] = [[], null];
    const arrivedAt = (those: readonly FleetHost[]): readonly string[] =>
      those.map(({ name }) => {
        const arrival = arrivals.get(name);
        return `${name} ${arrival?.outcome.ok === true ? 'ok' : arrival?.outcome.error.code} at ${arrival?.at}`;
      });

    beforeAll(async () => {
      await using estate = await aFaultyEstate([first, ...drawFaults(hosts, seed, telling)], seed, { sessions: 1 });
      const [client, { signal }] = [aClient(seed), new AbortController()];
      const before = resources();
      const [asked] = estate.hosts;
      const fleet = askingFirst(
        { ...client.fleet, drivers: [...client.fleet.drivers, anEstate({}).driver] },
        asked?.host.name ?? '',
      );
      healthy = estate.hosts.filter(({ fault }) => fault === null).map(({ host }) => host);
      const all = [...estate.hosts.map(({ host }) => host), ...open];
      const sweeping = new ColdSweep(client, fleet, all, signal);
      if (wait > 0) {
        // Until time passes they stand behind hosts that wait.
        while (!open.every(({ name }) => sweeping.arrivals.has(name)) && client.now() < wait - shortPause) {
          await turns(200);
          client.pass(shortPause);
        }
        client.pass(wait - 1 - client.now());
        await turns(200);
        early = healthy.filter(({ name }) => sweeping.arrivals.has(name)).map(({ name }) => name);
        client.pass(1);
      }
      await sweeping.arrived([...healthy, ...open]);
      await sweeping.over();
      arrivals = sweeping.arrivals;
      late = await leftOf({ client, estate, signal, before });
    }, 60_000);

    test(`every healthy host that needs the account answers after ${wait} ms`, () => {
      expect(early).toEqual([]);
      expect(arrivedAt(healthy)).toEqual(healthy.map(({ name }) => `${name} ok at ${wait}`));
    });

    test('hosts that need no password wait for no logon, but for a moment where those before them do', () => {
      const arrived = open.map(({ name }) => arrivals.get(name));
      expect(arrived.every((arrival) => arrival?.outcome.ok)).toBe(true);
      expect(Math.max(...arrived.map((arrival) => arrival?.at ?? Infinity))).toBeLessThanOrEqual(wait / 4);
    });

    test('nothing is left', () => {
      expect([arrivals.size, late]).toEqual([1 + hosts + open.length, nothingLeft]);
    });
  });
});
