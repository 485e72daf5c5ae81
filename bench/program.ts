import type { BenchOptions } from './bench.ts';
import { startEstate } from './estate.ts';
import { goMsrpcPeer, labPython } from './peers/peers.ts';
import { assertAgreed, race, type RunCost } from './peers/program-runs.ts';
import { listing, type Program, tstool, usherProgram } from './peers/programs.ts';
import { median, quantile } from './statistics.ts';

/** The whole command, from its start to its end, for one simulated host: `usher sessions` as it is installed, and the peers' programs. */
const sessions = 50;
const rounds = 15;

/** What every program of Node costs that does nothing. */
const nothing: Program = {
  name: '`node -e 0`',
  command: () => [process.execPath, '-e', '0'],
  env: {},
  rows: () => [],
};

export async function measure(options: BenchOptions): Promise<readonly string[]> {
  const { goMsrpc, folder, isTrial } = options;
  await using estate = await startEstate({ hosts: 1, sessions, listen: '127.79.0.0/16:4950' }, folder);
  const [place] = estate.places;
  if (place === undefined) throw new Error('there is no host');
  const programs = [
    await usherProgram(estate, `${folder}/usher`),
    tstool(await labPython(), estate),
    ...(goMsrpc === null ? [] : [listing(await goMsrpcPeer(goMsrpc, folder), estate)]),
  ];
  await assertAgreed(programs, place, sessions);
  const all = [...programs, nothing];
  const costs = await race(all, place, isTrial ? 3 : rounds);
  return [
    `| one host, ${sessions} sessions | least / median of ${costs[0]?.length} | time to Usher's | CPU | peak RSS |`,
    '|---|---|---|---|---|',
    ...all.map(({ name }, at) => row(name, costs[at] ?? [], costs[0] ?? [])),
  ];
}

function row(name: string, own: readonly RunCost[], mine: readonly RunCost[]): string {
  const times = own.map(({ took }) => took);
  const cells = [
    name,
    `${quantile(times, 0).toFixed(0)} / ${median(times).toFixed(0)} ms`,
    `${(median(times) / median(mine.map(({ took }) => took))).toFixed(2)}×`,
    `${median(own.map(({ cpu }) => cpu)).toFixed(0)} ms`,
    `${median(own.map(({ memory }) => memory)).toFixed(0)} MiB`,
  ];
  return `| ${cells.join(' | ')} |`;
}
