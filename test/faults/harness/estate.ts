import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { FleetHost } from '../../../src/fleet/inventory.ts';
import { aHost } from '../../../src/fleet/testing/inventory.ts';
import { manualTimers } from '../../../src/fleet/testing/timers.ts';
import type { HostUrl } from '../../../src/sessions/host.ts';
import type { Session } from '../../../src/sessions/session.ts';
import { SteppedClock } from '../../../src/simulator/clock/stepped-clock.ts';
import { administratorName, startEstate } from '../../../src/simulator/estate/estate.ts';
import { planEstate } from '../../../src/simulator/estate/plan.ts';
import type { ListeningHost } from '../../../src/simulator/listen/host-listener.ts';
import { listeningHost } from '../../../src/simulator/listen/host-server.ts';
import { listen } from '../../../src/simulator/listen/listen.ts';
import { parseRange, type Place } from '../../../src/simulator/listen/places.ts';
import { freePort } from '../../../src/simulator/listen/testing/caller.ts';
import { Chance } from '../../../src/simulator/people/random.ts';
import type { SimulatedHost } from '../../../src/simulator/world/host.ts';
import { LedgerBook } from '../../../src/simulator/world/ledger.ts';
import type { Fault, Way } from './faults.ts';

export const password = 'Geheim1!';
/** Midday, 2026. */
const start = 134_169_264_000_000_000n;

/** A host of the estate, and what is wrong with it: null where nothing is. */
export interface FaultyHost {
  readonly host: FleetHost;
  readonly fault: Fault | null;
  readonly simulated: SimulatedHost;
}

/** Windows hosts that listen on loopback, of which some are faulty. Their time stands still. */
export interface FaultyEstate extends AsyncDisposable {
  readonly hosts: readonly FaultyHost[];
  /** Connections that are open at the hosts' end. */
  readonly connections: () => number;
}

export interface EstateOptions {
  /** On each host. */
  readonly sessions?: number;
  /** What of a host's network is not as usual. */
  readonly network?: (way: Way | undefined, chance: Chance, at: number) => Partial<ListeningHost>;
}

/** A host for each, which is faulty where that is no null. What is left to chance is left to the seed. */
export async function aFaultyEstate(
  wrong: readonly (Fault | null)[],
  seed: number,
  { sessions = 3, network = networkOf }: EstateOptions = {},
): Promise<FaultyEstate> {
  const plan = planEstate({ hosts: wrong.length, sessions, seed });
  const hosts = plan.hosts.map((host, at) => ({ ...host, behaviours: behavioursOf(wrong[at]?.way) }));
  const around = { clock: new SteppedClock(start), ledger: new LedgerBook(100) };
  const estate = startEstate({ ...plan, hosts }, around, password);
  const chance = new Chance(seed);
  const random = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => chance.below(256));
  const [timers, strangers] = [manualTimers(), new Strangers()];
  const listening = await listen(
    estate.hosts.map(({ host }, at) => ({
      // Signed by what Node does natively; encryption is the wire's affair, and proven there.
      ...listeningHost(host, { random, smb: { encryption: 'off', signingAlgorithms: ['aesGmac'] } }),
      ...network(wrong[at]?.way, chance, at),
    })),
    {
      range: parseRange(`127.64.0.0/16:${await freePort()}`),
      otherPorts: 200,
      random,
      after: (...later) => timers.after(...later),
    },
  );
  const placed = await Promise.all(
    listening.hosts.map(async ({ place }, at) => {
      const way = wrong[at]?.way;
      if (way === 'nothing-listens') return { ...place, address: '127.127.0.1' };
      if (typeof way !== 'object' || !('socket' in way)) return place;
      return strangers.listen((socket) => way.socket(socket, chance));
    }),
  );
  return {
    hosts: estate.hosts.map(({ planned, host: simulated }, at) => {
      const fault = wrong[at] ?? null;
      const user = fault?.way === 'unknown-user' ? `stranger${at}` : administratorName;
      const url: HostUrl = { scheme: 'windows', user, domain: simulated.domain, ...placeAt(placed, at) };
      return { host: aHost(planned.name, { url }), fault, simulated };
    }),
    connections: () => listening.hosts.reduce((sum, { connections }) => sum + connections, strangers.connections),
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await strangers[Symbol.asyncDispose]();
    },
  };
}

function placeAt(places: readonly Place[], at: number): Place {
  const place = places[at];
  if (place === undefined) throw new TypeError('a host without a place');
  return place;
}

const behavioursOf = (way: Way | undefined): readonly string[] =>
  typeof way === 'object' && 'behaves' in way ? [way.behaves] : [];

function networkOf(way: Way | undefined, chance: Chance): Partial<ListeningHost> {
  if (way === 'off') {
    return { power: { isOn: () => false, whenOff: () => ({ [Symbol.dispose]: () => undefined }) } };
  }
  return typeof way === 'object' && 'network' in way ? { link: () => way.network(chance) } : {};
}

/** What listens and is no host. */
class Strangers implements AsyncDisposable {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  get connections(): number {
    return this.#sockets.size;
  }

  async listen(accept: (socket: Socket) => void): Promise<Place> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('end', () => socket.destroy());
      socket.resume();
      accept(socket);
    });
    this.#servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new TypeError('a socket without a port');
    return { address: bound.address, port: bound.port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      this.#servers.map(async (server) => {
        const closed = once(server, 'close');
        server.close();
        await closed;
      }),
    );
  }
}

/** People's sessions as the host has them, one text each. */
export const rowsOf = ({ sessions, processes }: SimulatedHost): readonly string[] =>
  [...sessions.values()].flatMap(({ id, state, account, client }) => {
    if (account === null) return [];
    const own = [...processes.values()].filter(({ sessionId }) => sessionId === id);
    const memory = own.reduce((sum, { workingSet }) => sum + workingSet, 0);
    return `${id} ${account.domain}\\${account.name} ${state} ${client?.name ?? null} ${own.length} ${memory}`;
  });

/** The same as they were listed. */
export const rowsIn = (sessions: readonly Session[]): readonly string[] =>
  sessions
    .filter(({ user }) => user !== null)
    .map(
      ({ id, domain, user, state, client, processCount, memoryBytes }) =>
        `${id} ${domain}\\${user} ${state} ${client.name} ${processCount} ${memoryBytes}`,
    );
