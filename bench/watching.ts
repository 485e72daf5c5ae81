import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { watchHosts } from '../src/fleet/watch.ts';
import type { FleetHost } from '../src/fleet/inventory.ts';
import type { Fleet } from '../src/fleet/fleet.ts';
import type { BenchOptions } from './bench.ts';
import { benchFleet, cpuHere, type SimulatedHosts, startSimulatedHosts } from './simulated-estate.ts';

/**
 * Watches simulated Windows hosts in one process, with the watch that Usher has: what a host costs of memory, and what all of them
 * cost of processor time while nothing happens there. The simulated hosts are processes of their own, of which each listens and is
 * connected to within the usual limit of open files.
 */
interface Size {
  /** How many hosts are watched when memory is measured, ascending. */
  readonly sizes: readonly number[];
  /** Of every host. */
  readonly sessions: number;
  /** How long nothing happens, in seconds. */
  readonly rest: number;
}

const full: Size = { sizes: [1000, 5000, 10_000], sessions: 5, rest: 60 };
const trial: Size = { sizes: [50, 200], sessions: 5, rest: 10 };

/** Hosts of one process of simulated ones. */
const most = 5000;
/** Until what is only needed for connecting is gone, in milliseconds. */
const settling = 3000;
const [kibibyte, mebibyte] = [2 ** 10, 2 ** 20];

interface Memory {
  readonly hosts: number;
  readonly rss: number;
  /** What V8 knows of: its heap, and what hangs on it outside. */
  readonly held: number;
}

export async function measure({ isTrial }: BenchOptions): Promise<readonly string[]> {
  const size = isTrial ? trial : full;
  const all = size.sizes.at(-1) ?? 0;
  const parts: SimulatedHosts[] = [];
  try {
    for (let first = 1; first <= all; first += most) {
      const count = Math.min(most, all - first + 1);
      parts.push(await startSimulatedHosts(count, size.sessions, { first, network: 70 + parts.length }));
    }
    return await watchAll(parts, size);
  } finally {
    for (const part of parts) await part[Symbol.asyncDispose]();
  }
}

async function watchAll(parts: readonly SimulatedHosts[], { sizes, sessions, rest }: Size): Promise<readonly string[]> {
  const hosts = parts.flatMap((part) => part.hosts);
  const fleet = benchFleet();
  const end = new AbortController();
  const count = { readings: 0, lost: 0 };
  const watches: Promise<void>[] = [];
  const memory: Memory[] = [];
  let watched = 0;
  try {
    // One more host has loaded and warmed up what all of them share.
    for (const size of [1, ...sizes]) {
      await watchMore({ fleet, hosts: hosts.slice(watched, size), signal: end.signal, count, watches });
      watched = size;
      await pause(settling);
      memory.push(memoryNow(size));
    }
    const readCost = await costOfReadings(fleet, hosts[0], end.signal);
    const [before, cpu, there] = [count.readings, cpuHere(), await costThere(parts)];
    await pause(rest * 1000);
    const [readings, spent, spentThere] = [count.readings - before, cpuHere() - cpu, (await costThere(parts)) - there];
    const minute = 60 / rest;
    return [
      `| ${sessions} sessions a host | RSS | a host | heap and what hangs on it | a host |`,
      '|---|---|---|---|---|',
      ...memory.slice(1).map((now) => row(now, memory[0] ?? now)),
      '',
      `At rest, ${watched} hosts, a minute: ${(spent * minute).toFixed(0)} ms of CPU, of which ${(readings * readCost * minute).toFixed(0)} ms ` +
        `are ${(readings * minute).toFixed(0)} slow readings of ${readCost.toFixed(1)} ms; the simulated hosts ${(spentThere * minute).toFixed(0)} ms.`,
      ...(count.lost === 0 ? [] : ['', `Connections were lost and made anew ${count.lost} times.`]),
    ];
  } finally {
    end.abort();
    await Promise.all(watches);
  }
}

interface More {
  readonly fleet: Fleet;
  readonly hosts: readonly FleetHost[];
  readonly signal: AbortSignal;
  readonly count: { readings: number; lost: number };
  readonly watches: Promise<void>[];
}

/** Settles when each of the hosts has been read. */
async function watchMore({ fleet, hosts, signal, count, watches }: More): Promise<void> {
  const all = Promise.withResolvers<void>();
  let left = hosts.length;
  const watch = async (): Promise<void> => {
    for await (const event of watchHosts(fleet, hosts, signal)) {
      if (event.kind === 'lost' && event.retryIn === null) throw event.error;
      if (event.kind === 'lost') count.lost += 1;
      if (event.kind === 'known') count.readings += 1;
      if (event.kind === 'first' && --left === 0) all.resolve();
    }
  };
  const watching = watch();
  watching.catch(all.reject);
  watches.push(watching);
  await all.promise;
}

/** Processor time of one reading of such a host on a connection that stands, in milliseconds. */
async function costOfReadings(fleet: Fleet, host: FleetHost | undefined, signal: AbortSignal): Promise<number> {
  const driver = fleet.drivers[0];
  if (driver === undefined || host === undefined) throw new TypeError('nothing to read');
  const secrets = fleet.secretsOf(host);
  const attempt = fleet.gate.attempt(host, secrets, signal, (work) => work());
  await using connection = await driver.connect(host, attempt.credential, signal);
  attempt.settle('accepted');
  const times = 50;
  const began = cpuHere();
  for (let at = 0; at < times; at += 1) await connection.list(signal);
  return (cpuHere() - began) / times;
}

async function costThere(parts: readonly SimulatedHosts[]): Promise<number> {
  let cpu = 0;
  for (const part of parts) cpu += (await part.cost()).cpu;
  return cpu;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memoryNow(hosts: number): Memory {
  collect();
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { hosts, rss, held: heapUsed + external };
}

function row({ hosts, rss, held }: Memory, without: Memory): string {
  const each = (now: number, before: number): string =>
    `${((now - before) / kibibyte / (hosts - without.hosts)).toFixed(1)} KiB`;
  const whole = (bytes: number): string => `${(bytes / mebibyte).toFixed(0)} MiB`;
  return `| ${hosts} hosts | ${whole(rss)} | ${each(rss, without.rss)} | ${whole(held)} | ${each(held, without.held)} |`;
}
