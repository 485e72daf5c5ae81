import { startWindowsHost } from '../test/lab/windows/windows-host.ts';
import type { BenchOptions } from './bench.ts';
import { goMsrpcPeer } from './peers/peers.ts';
import { assertAgreed, race, type RunCost, runProgram } from './peers/program-runs.ts';
import { listing, type Program, tstool, usherProgram } from './peers/programs.ts';
import { type Relay, startRelay, type Traffic } from './relay.ts';
import { median, quantile } from './statistics.ts';

/**
 * Lists the sessions of the lab's Windows host (test/lab/windows: a real smbd, with a Python endpoint behind its pipes) with whole
 * programs, in turn, through a relay that counts messages and can delay them. Needs root on Debian 12.
 */
const clock = '2026-03-02T14:00:00Z';
const listeners = [{ id: 65_536, name: 'RDP-Tcp' }];
const worlds = [
  { what: '6 sessions, 60 processes', rounds: { near: 7, far: 5 }, generate: { seed: 7, sessions: 6, processes: 60 } },
  {
    what: '500 sessions, 6,000 processes',
    rounds: { near: 3, far: 1 },
    generate: { seed: 7, sessions: 500, processes: 6000 },
  },
];
/** Two of the generated sessions are nobody's. */
const nobodys = 2;

export async function measure(options: BenchOptions): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [at, world] of (options.isTrial ? worlds.slice(0, 1) : worlds).entries()) {
    lines.push(...(await measureWorld(world, options, `${options.folder}/world-${at}`)));
  }
  return lines;
}

async function measureWorld(
  { what, rounds, generate }: (typeof worlds)[number],
  options: BenchOptions,
  folder: string,
): Promise<readonly string[]> {
  const host = await startWindowsHost({ world: { computer: 'ORACLE', clock, listeners, generate } });
  try {
    await using relay = await startRelay({ address: '127.0.0.1', port: host.port });
    const { tsadmin } = host.users;
    const login = { user: `${tsadmin.domain}\\${tsadmin.name}`, password: tsadmin.password };
    const { goMsrpc } = options;
    const programs = [
      await usherProgram(login, folder),
      tstool(host.python, login),
      ...(goMsrpc === null ? [] : [listing(await goMsrpcPeer(goMsrpc, options.folder), login)]),
    ];
    const place = { address: '127.0.0.1', port: relay.port };
    await assertAgreed(programs, place, generate.sessions - nobodys);
    const traffic = await trafficOf(programs, relay);
    const lines: string[] = [];
    for (const [roundTrip, count] of [
      [0, rounds.near],
      [20, rounds.far],
    ] as const) {
      relay.delay = roundTrip / 2;
      const costs = await race(programs, place, options.isTrial ? 1 : count);
      lines.push(...table(`${what}, ${roundTrip} ms round trip`, programs, costs, traffic), '');
    }
    return lines;
  } finally {
    await host.stop();
  }
}

async function trafficOf(programs: readonly Program[], relay: Relay): Promise<readonly Traffic[]> {
  const traffic: Traffic[] = [];
  for (const program of programs) {
    relay.count();
    await runProgram(program, { address: '127.0.0.1', port: relay.port });
    traffic.push(relay.count());
  }
  return traffic;
}

function table(
  what: string,
  programs: readonly Program[],
  costs: readonly (readonly RunCost[])[],
  traffic: readonly Traffic[],
): readonly string[] {
  const timesOf = (at: number): readonly number[] => (costs[at] ?? []).map(({ took }) => took);
  const rows = programs.map(({ name }, at) => {
    const times = timesOf(at);
    const cells = [
      name,
      `${quantile(times, 0).toFixed(0)} / ${median(times).toFixed(0)} ms`,
      `${(median(times) / median(timesOf(0))).toFixed(2)}×`,
      `${median((costs[at] ?? []).map(({ cpu }) => cpu)).toFixed(0)} ms`,
      traffic[at]?.messages,
      traffic[at]?.connections,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `| ${what} | least / median of ${timesOf(0).length} | time to Usher's | CPU | messages | connections |`,
    '|---|---|---|---|---|---|',
    ...rows,
  ];
}
