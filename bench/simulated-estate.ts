import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createSecrets } from '../src/fleet/credentials.ts';
import { realTimers } from '../src/fleet/deadline.ts';
import type { Fleet } from '../src/fleet/fleet.ts';
import type { FleetHost } from '../src/fleet/inventory.ts';
import { createLogonGate } from '../src/fleet/logon-gate.ts';
import { Secret } from '../src/hosts/credential.ts';
import { dialTcp } from '../src/hosts/windows/dial.ts';
import { windowsDriver } from '../src/hosts/windows/driver.ts';
import { milliseconds } from '../src/sessions/duration.ts';
import { parseHostUrl } from '../src/sessions/host.ts';

const placed = z.object({ places: z.array(z.object({ address: z.string(), port: z.number() })) });
const cost = z.object({ cpu: z.number(), rss: z.number() });
const told = z.object({ happened: z.array(z.tuple([z.number(), z.string(), z.number(), z.string()])) });

/** What happened to a session of a simulated host: when (milliseconds since 1970), where, to which, and what the ledger calls it. */
export type Happened = z.infer<typeof told>['happened'][number];

/** Milliseconds of processor time until now, and bytes of memory. */
export type Cost = z.infer<typeof cost>;

/** Simulated Windows hosts in a process of their own. */
export interface SimulatedHosts extends AsyncDisposable {
  readonly hosts: readonly FleetHost[];
  cost(): Promise<Cost>;
  /** Lets people come and go so often a second; what happened. */
  change(perSecond: number, seconds: number): Promise<readonly Happened[]>;
}

const program = fileURLToPath(new URL('simulated-hosts.ts', import.meta.url));

/** Starts so many hosts, called `BENCH1` and so on from `first`, in the loopback network `127.NETWORK.0.0`. */
export async function startSimulatedHosts(
  count: number,
  sessions: number,
  { first = 1, network = 77 } = {},
): Promise<SimulatedHosts> {
  const args = [program, `${count}`, `${sessions}`, `127.${network}.0.0/16:4950`, `${first}`];
  const server = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const heard = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the simulated hosts ended');
    return JSON.parse(value);
  };
  const { places } = placed.parse(await heard());
  return {
    hosts: places.map((place, at) => fleetHost(`BENCH${first + at}`, place)),
    async cost() {
      server.stdin.write('\n');
      return cost.parse(await heard());
    },
    async change(perSecond, seconds) {
      server.stdin.write(`changes ${perSecond} ${seconds}\n`);
      const { happened } = told.parse(await heard());
      await heard();
      return happened;
    },
    async [Symbol.asyncDispose]() {
      server.stdin.end();
      await once(server, 'exit');
    },
  };
}

function fleetHost(name: string, { address, port }: { readonly address: string; readonly port: number }): FleetHost {
  const url = parseHostUrl(`windows://SIM\\usher@${address}:${port}`);
  return { name, url, groups: [], tags: new Map(), credential: null, slots: null, simulated: true };
}

/** What it takes to watch them: the driver that Usher has. */
export function benchFleet(): Fleet {
  const driver = windowsDriver({
    dial: dialTcp,
    machine: 'bench',
    now: () => Temporal.Now.instant(),
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    after: (delay, work) => realTimers.after(delay, work),
  });
  return {
    drivers: [driver],
    secretsOf: createSecrets({
      env: { USHER_PASSWORD: 'Bench-1!' },
      passwordFile: null,
      identityFiles: [],
      ask: null,
      readFile: async () => new Secret(''),
    }),
    gate: createLogonGate(realTimers),
    timers: realTimers,
    timeout: milliseconds(120_000),
    parallel: 64,
    random: Math.random,
  };
}

/** Processor time of this process until now, in milliseconds. */
export function cpuHere(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
