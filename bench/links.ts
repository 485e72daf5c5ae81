import type { BenchOptions } from './bench.ts';
import { startEstate } from './estate.ts';
import { type Peer, startPeer } from './peers/peer.ts';
import { allPeers } from './peers/peers.ts';
import { linesOf, type Order, orders } from './peers/protocol.ts';
import { type Relay, startRelay, type Traffic } from './relay.ts';
import { median, quantile } from './statistics.ts';

/**
 * Lists one simulated host over links with a delay: connecting and a first list, and a list on the connections that are kept. A relay
 * counts messages and waits. Nobody is waited for but the host: every peer is loaded already.
 */
const sessions = 50;
const full = [
  { roundTrip: 0, rounds: 15 },
  { roundTrip: 20, rounds: 5 },
  { roundTrip: 100, rounds: 3 },
];
const trial = full.map((link) => ({ ...link, rounds: 1 }));
/** What is compiled while it runs is compiled by then. */
const warmUps = 20;
/** Who takes longer than this many milliseconds is measured once. */
const slow = 5000;

interface Measured {
  readonly times: number[];
  traffic: Traffic | null;
}

type Times = Readonly<Record<Order, Measured>>;

async function race(peers: readonly Peer[], relay: Relay, rounds: number, expected: readonly string[]) {
  const all = peers.map((): Times => ({ cold: { times: [], traffic: null }, warm: { times: [], traffic: null } }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, peer] of peers.entries()) {
      if (round > 0 && (all[at]?.cold.times[0] ?? 0) > slow) continue;
      for (const order of orders) {
        relay.count();
        const { took } = await peer.run(order, expected);
        const measured = all[at]?.[order];
        measured?.times.push(took);
        if (measured !== undefined) measured.traffic = relay.count();
      }
    }
  }
  return all;
}

export async function measure(options: BenchOptions): Promise<readonly string[]> {
  const programs = await allPeers(options);
  await using estate = await startEstate({ hosts: 1, sessions, listen: '127.78.0.0/16:4950' }, options.folder);
  const [host] = estate.places;
  if (host === undefined) throw new Error('there is no host');
  await using relay = await startRelay(host);
  await using running = new AsyncDisposableStack();
  const places = [{ address: '127.0.0.1', port: relay.port }];
  const peers = programs.map((program) => running.use(startPeer(program, { ...estate, places, parallel: 1 })));
  const [usher] = peers as [Peer];
  const expected = linesOf((await usher.run('cold', null)).rows);
  if (expected.length !== sessions) throw new Error(`Usher tells of ${expected.length} sessions of ${sessions}`);
  await race(peers, relay, options.isTrial ? 1 : warmUps, expected);
  const lines: string[] = [];
  for (const { roundTrip, rounds } of options.isTrial ? trial : full) {
    relay.delay = roundTrip / 2;
    const measured = await race(peers, relay, rounds, expected);
    lines.push(...table(programs, measured, `${roundTrip} ms round trip`, rounds), '');
  }
  return lines;
}

function table(
  programs: readonly { readonly name: string }[],
  measured: readonly Times[],
  link: string,
  rounds: number,
): readonly string[] {
  const cellsOf = (at: number, order: Order): readonly (string | number)[] => {
    const [own, mine] = [measured[at]?.[order], measured[0]?.[order]];
    const times = own?.times ?? [];
    return [
      `${quantile(times, 0).toFixed(0)} / ${median(times).toFixed(0)} ms`,
      `${(median(times) / median(mine?.times ?? [])).toFixed(2)}×`,
      own?.traffic?.roundTrips ?? 0,
      own?.traffic?.messages ?? 0,
    ];
  };
  return [
    `| one host, ${sessions} sessions, ${link} | cold: least / median of ${rounds} | time to Usher's | waits | messages | warm: least / median | time to Usher's | waits | messages |`,
    '|---|---|---|---|---|---|---|---|---|',
    ...programs.map(({ name }, at) => `| ${[name, ...cellsOf(at, 'cold'), ...cellsOf(at, 'warm')].join(' | ')} |`),
  ];
}
