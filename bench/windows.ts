import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { realTimers } from '../src/fleet/deadline.ts';
import { Secret } from '../src/hosts/credential.ts';
import { dialTcp } from '../src/hosts/windows/dial.ts';
import { windowsDriver } from '../src/hosts/windows/driver.ts';
import { parseHostUrl } from '../src/sessions/host.ts';
import { mustRun } from '../test/lab/harness/command.ts';
import { startWindowsHost, type WindowsHost } from '../test/lab/windows/windows-host.ts';
import { type Relay, startRelay, type Traffic } from './relay.ts';
import { median, quantile } from './statistics.ts';
import { goMsrpc, type Lister, tstool, usher } from './windows-peers.ts';

/**
 * Lists the sessions of the lab's Windows host (test/lab/windows) with Usher, impacket's tstool.py and go-msrpc: whole processes,
 * in turn, through a relay that counts messages and can delay them.
 *
 *     npm run bench -- windows --go-msrpc FOLDER
 *
 * FOLDER is a checkout of github.com/oiweiwei/go-msrpc; without it that peer is left out. Needs Go for it, and root on Debian 12.
 */
const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
/** Milliseconds in each direction on the link with 20 ms round trip. */
const oneWay = 10;
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

interface Measured {
  readonly times: readonly number[];
  readonly traffic: Traffic;
}

async function run({ command, env }: Lister, port: number): Promise<string> {
  const [file, ...args] = command(port);
  return mustRun(file, args, { env, timeoutMs: 300_000 });
}

/** Each lister's times, in turn round after round, in milliseconds. */
async function race(listers: readonly Lister[], relay: Relay, rounds: number): Promise<readonly Measured[]> {
  const times = listers.map((): number[] => []);
  const traffic: Traffic[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, lister] of listers.entries()) {
      relay.count();
      const began = performance.now();
      await run(lister, relay.port);
      times[at]?.push(performance.now() - began);
      traffic[at] = relay.count();
    }
  }
  return listers.map((_, at) => ({ times: times[at] ?? [], traffic: traffic[at] ?? relay.count() }));
}

const measuringMemory = `
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)`;

/** The most memory that a process of the lister had, in MiB. */
async function memoryOf({ command, env }: Lister, port: number): Promise<number> {
  const told = await mustRun('/usr/bin/python3', ['-c', measuringMemory, ...command(port)], {
    env,
    timeoutMs: 300_000,
  });
  return Number(told) / 1024;
}

/** Equal rows, before anything is timed. */
async function agree(listers: readonly Lister[], relay: Relay, count: number): Promise<void> {
  const rows: string[] = [];
  for (const lister of listers) {
    const found = lister.rows(await run(lister, relay.port));
    if (found.length !== count) throw new Error(`${lister.name} lists ${found.length} users of ${count}`);
    rows.push(found.join('\n'));
  }
  const odd = rows.findIndex((row) => row !== rows[0]);
  if (odd > 0) throw new Error(`${listers[odd]?.name} lists other rows:\n${rows[odd]}\n\nusher:\n${rows[0]}`);
}

const spread = (times: readonly number[]): string =>
  `${quantile(times, 0).toFixed(0)} / ${median(times).toFixed(0)} / ${quantile(times, 1).toFixed(0)} ms`;

/** In this process, with everything loaded: connecting and a first list, and a list on the connection that is kept. */
async function inProcess({ users: { tsadmin } }: WindowsHost, relay: Relay, rounds: number): Promise<string> {
  const driver = windowsDriver({
    dial: dialTcp,
    machine: 'bench',
    now: () => Temporal.Now.instant(),
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    after: (delay, work) => realTimers.after(delay, work),
  });
  const url = parseHostUrl(`windows://${tsadmin.domain}\\${tsadmin.name}@127.0.0.1:${relay.port}`);
  const credential = {
    user: null,
    identityFiles: [],
    password: async () => new Secret(tsadmin.password),
    passphrase: async () => null,
    sudoPassword: async () => null,
  };
  const [cold, warm]: [number[], number[]] = [[], []];
  let [first, next] = [relay.count(), relay.count()];
  for (let round = 0; round < rounds; round += 1) {
    const patience = AbortSignal.timeout(120_000);
    relay.count();
    const began = performance.now();
    await using connection = await driver.connect({ name: 'bench', url }, credential, patience);
    await connection.list(patience);
    const listed = performance.now();
    first = relay.count();
    await connection.list(patience);
    cold.push(listed - began);
    warm.push(performance.now() - listed);
    next = relay.count();
  }
  return (
    `In one process: cold list ${spread(cold)} (${first.roundTrips} round trips), ` +
    `warm refresh ${spread(warm)} (${next.roundTrips} round trips).`
  );
}

function table(
  listers: readonly Lister[],
  measured: readonly Measured[],
  memory: readonly number[],
): readonly string[] {
  const own = median(measured[0]?.times ?? []);
  return listers.map(({ name }, at) => {
    const { times, traffic } = measured[at] ?? { times: [], traffic: { connections: 0, messages: 0, roundTrips: 0 } };
    const cells = [
      name,
      spread(times),
      at === 0 ? '1' : `${(median(times) / own).toFixed(2)}×`,
      traffic.messages,
      traffic.roundTrips,
      traffic.connections,
      `${(memory[at] ?? 0).toFixed(0)} MiB`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

async function measure(world: (typeof worlds)[number], library: string | null): Promise<readonly string[]> {
  const { what, rounds, generate } = world;
  const folder = await mkdtemp(`${tmpdir()}/usher-bench-`);
  const host = await startWindowsHost({ world: { computer: 'ORACLE', clock, listeners, generate } });
  try {
    await using relay = await startRelay(host.port);
    const peers = [tstool(host), ...(library === null ? [] : [await goMsrpc(host, library, `${folder}/go`)])];
    const listers = [await usher(host, `${folder}/usher`), ...peers];
    await agree(listers, relay, generate.sessions - 2);
    const memory: number[] = [];
    for (const lister of listers) memory.push(await memoryOf(lister, relay.port));
    const lines: string[] = [];
    for (const [link, delay, count] of [
      ['link without delay', 0, rounds.near],
      ['link with 20 ms round trip', oneWay, rounds.far],
    ] as const) {
      relay.delay = delay;
      const measured = await race(listers, relay, count);
      lines.push(
        `| ${what}, ${link} | least / median / most of ${count} | time to Usher's | messages | round trips | connections | peak RSS |`,
        '|---|---|---|---|---|---|---|',
        ...table(listers, measured, memory),
        '',
        await inProcess(host, relay, count),
        '',
      );
    }
    return lines;
  } finally {
    await host.stop();
    await rm(folder, { recursive: true });
  }
}

const at = process.argv.indexOf('--go-msrpc');
const library = at < 0 ? null : (process.argv[at + 1] ?? null);
const lines: string[] = [];
for (const world of worlds) lines.push(...(await measure(world, library)));
const today = new Date().toISOString().slice(0, 10);
const text = [
  `Measured on ${today} on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), shared with others, Node ${process.version}.`,
  ...(library === null ? ['go-msrpc was left out: no --go-msrpc FOLDER.'] : []),
  '',
  ...lines,
]
  .join('\n')
  .trimEnd();
console.log(text);
const before = readFileSync(page, 'utf8');
writeFileSync(
  page,
  before.replace(/(<!-- windows -->\n)[\s\S]*(\n<!-- \/windows -->)/, (_, open, close) => `${open}${text}${close}`),
);
