import type { BenchOptions } from './bench.ts';
import { type Estate, startEstate } from './estate.ts';
import { type Peer, type PeerProgram, startPeer } from './peers/peer.ts';
import { allPeers } from './peers/peers.ts';
import { linesOf, type Order, orders } from './peers/protocol.ts';
import { median } from './statistics.ts';

/**
 * Lists every session of many hosts, by Usher and by its peers, each with as many hosts at once, over the same simulated hosts on the
 * same machine. Usher's rows are the measure: every round of everybody must tell the same.
 */
const full = { hosts: 400, sessions: 50, rounds: 3, listen: '127.77.0.0/16:4950' };
const trial = { ...full, hosts: 20, sessions: 10, rounds: 2 };
const parallel = 32;
/** Who takes longer than this many milliseconds is measured once. */
const slow = 60_000;

/** What one round cost: milliseconds that passed, and of processor time of the client and of the hosts. */
interface Cost {
  readonly took: number;
  readonly client: number;
  readonly hosts: number;
}

type Costs = Readonly<Record<Order, Cost[]>>;

async function costOf(peer: Peer, order: Order, estate: Estate, expected: readonly string[]): Promise<Cost> {
  const before = await estate.cpu();
  const { took, cpu } = await peer.run(order, expected);
  return { took, client: cpu, hosts: (await estate.cpu()) - before };
}

async function expectedOf(program: PeerProgram, estate: Estate, sessions: number): Promise<readonly string[]> {
  await using peer = startPeer(program, { ...estate, places: [...estate.places], parallel });
  const { rows } = await peer.run('cold', null);
  if (rows.length !== sessions) throw new Error(`${program.name} tells of ${rows.length} sessions of ${sessions}`);
  return linesOf(rows);
}

export async function measure(options: BenchOptions): Promise<readonly string[]> {
  const size = options.isTrial ? trial : full;
  const programs = await allPeers(options);
  await using estate = await startEstate(size, options.folder);
  const [usher] = programs as [PeerProgram];
  const expected = await expectedOf(usher, estate, size.hosts * size.sessions);
  await using running = new AsyncDisposableStack();
  const peers = programs.map((program) =>
    running.use(startPeer(program, { ...estate, places: [...estate.places], parallel })),
  );
  const costs = peers.map((): Costs => ({ cold: [], warm: [] }));
  for (let round = 0; round < size.rounds; round += 1) {
    for (const [at, peer] of peers.entries()) {
      if (round > 0 && (costs[at]?.cold[0]?.took ?? 0) > slow) continue;
      for (const order of orders) costs[at]?.[order].push(await costOf(peer, order, estate, expected));
    }
  }
  return tables(programs, costs, size);
}

function tables(programs: readonly PeerProgram[], costs: readonly Costs[], size: typeof full): readonly string[] {
  return orders.flatMap((order) => {
    const medians = costs.map((own) => {
      const of = (part: keyof Cost): number => median(own[order].map((cost) => cost[part]));
      return { took: of('took'), client: of('client'), hosts: of('hosts'), rounds: own[order].length };
    });
    const rows = programs.map(({ name }, at) => {
      const [mine, own] = [medians[0], medians[at]] as [(typeof medians)[number], (typeof medians)[number]];
      const cells = [
        name,
        ((size.hosts / own.took) * 1000).toFixed(1),
        `${(own.took / mine.took).toFixed(2)}×`,
        (own.client / size.hosts).toFixed(1),
        `${(mine.client / own.client).toFixed(2)}×`,
        (own.hosts / size.hosts).toFixed(1),
        own.rounds,
      ];
      return `| ${cells.join(' | ')} |`;
    });
    return [
      `| ${order}: ${size.hosts} hosts × ${size.sessions} sessions, ${parallel} at once | hosts/s | time to Usher's | CPU ms a host, client | Usher's to it | CPU ms a host, simulated | rounds |`,
      '|---|---|---|---|---|---|---|',
      ...rows,
      '',
    ];
  });
}
