import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { realTimers } from '../src/fleet/deadline.ts';
import { Secret } from '../src/hosts/credential.ts';
import { dialTcp } from '../src/hosts/windows/dial.ts';
import { windowsDriver } from '../src/hosts/windows/driver.ts';
import { parseHostUrl } from '../src/sessions/host.ts';
import { median } from './statistics.ts';

/**
 * Sweeps simulated Windows hosts with the real driver and says what that costs, here and there: processor time does not depend on
 * what else the machine does.
 *
 *     npm run bench -- sweep [--hosts 400] [--sessions 50] [--parallel 32] [--rounds 3]
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    hosts: { type: 'string', default: '400' },
    sessions: { type: 'string', default: '50' },
    parallel: { type: 'string', default: '32' },
    rounds: { type: 'string', default: '3' },
    profile: { type: 'string' },
  },
});
const [hosts, sessions, parallel, rounds] = [values.hosts, values.sessions, values.parallel, values.rounds].map(
  Number,
) as [number, number, number, number];
const placed = z.object({
  places: z.array(z.object({ address: z.string(), port: z.number() })),
  startedIn: z.number(),
});
const cost = z.object({ cpu: z.number(), rss: z.number() });
type Cost = z.infer<typeof cost>;
const mebibyte = 2 ** 20;

const program = fileURLToPath(new URL('simulated-hosts.ts', import.meta.url));
const profiled = values.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', values.profile];
const server = spawn(process.execPath, [...profiled, program, `${hosts}`, `${sessions}`, '127.77.0.0/16:4950'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
const heard = async (): Promise<unknown> => {
  const { value, done } = await lines.next();
  if (done === true) throw new Error('the simulated hosts ended');
  return JSON.parse(value);
};
const costThere = async (): Promise<Cost> => {
  server.stdin.write('\n');
  return cost.parse(await heard());
};
const costHere = (): Cost => {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1000, rss: process.memoryUsage.rss() };
};

const driver = windowsDriver({
  dial: dialTcp,
  machine: 'bench',
  now: () => Temporal.Now.instant(),
  random: (count) => crypto.getRandomValues(new Uint8Array(count)),
  after: (delay, work) => realTimers.after(delay, work),
});
const credential = {
  user: null,
  identityFiles: [],
  password: async () => new Secret('Bench-1!'),
  passphrase: async () => null,
  sudoPassword: async () => null,
};

interface Reading {
  readonly connected: number;
  readonly listed: number;
}

async function read(name: string, address: string, port: number, again: number): Promise<Reading> {
  const patience = AbortSignal.timeout(300_000);
  const began = performance.now();
  const url = parseHostUrl(`windows://SIM\\usher@${address}:${port}`);
  await using connection = await driver.connect({ name, url }, credential, patience);
  const connected = performance.now();
  for (let round = 0; round <= again; round += 1) {
    const { sessions: rows, complete, notes } = await connection.list(patience, { rates: false });
    const users = rows.filter(({ user, lastInputAt }) => user !== null && lastInputAt !== null).length;
    if (users !== sessions || !complete || notes.length > 0) {
      throw new Error(`${name} tells of ${users} users: ${JSON.stringify(notes)}`);
    }
  }
  return { connected: connected - began, listed: performance.now() - connected };
}

async function sweep(places: z.infer<typeof placed>['places'], again: number): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const waiting = places.entries();
  const worker = async (): Promise<void> => {
    for (const [at, { address, port }] of waiting) readings.push(await read(`bench${at + 1}`, address, port, again));
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return readings;
}

const { places, startedIn } = placed.parse(await heard());
const ready = await costThere();
console.log(
  `${hosts} hosts with ${sessions} sessions: up in ${(startedIn / 1000).toFixed(1)} s, ${(ready.cpu / 1000).toFixed(1)} s of CPU, ${(ready.rss / mebibyte).toFixed(0)} MiB`,
);
console.log(
  '| round | hosts/s | CPU ms per host: client | simulator | median of connecting, listing | RSS: client | simulator |',
);
console.log('|---|---|---|---|---|---|---|');
for (let round = 1; round <= rounds; round += 1) {
  const [here, there, began] = [costHere(), await costThere(), performance.now()];
  const readings = await sweep(places, 0);
  const took = performance.now() - began;
  const [hereNow, thereNow] = [costHere(), await costThere()];
  const cells = [
    round,
    ((hosts / took) * 1000).toFixed(1),
    ((hereNow.cpu - here.cpu) / hosts).toFixed(2),
    ((thereNow.cpu - there.cpu) / hosts).toFixed(2),
    `${median(readings.map(({ connected }) => connected)).toFixed(0)}, ${median(readings.map(({ listed }) => listed)).toFixed(0)} ms`,
    `${(hereNow.rss / mebibyte).toFixed(0)} MiB`,
    `${(thereNow.rss / mebibyte).toFixed(0)} MiB`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
server.stdin.end();
await once(server, 'exit');
