import { createInterface } from 'node:readline';
import { createSecrets } from '../../src/fleet/credentials.ts';
import { realTimers } from '../../src/fleet/deadline.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import type { FleetHost } from '../../src/fleet/inventory.ts';
import { keepHost, type KeptHost } from '../../src/fleet/kept-host.ts';
import { createLogonGate } from '../../src/fleet/logon-gate.ts';
import { listSessionsOnce, sweep } from '../../src/fleet/sweep.ts';
import { Secret } from '../../src/hosts/credential.ts';
import type { HostReading } from '../../src/hosts/driver.ts';
import { dialTcp } from '../../src/hosts/windows/dial.ts';
import { windowsDriver } from '../../src/hosts/windows/driver.ts';
import { milliseconds } from '../../src/sessions/duration.ts';
import { parseHostUrl } from '../../src/sessions/host.ts';
import { winStationStateClass } from '../../src/wire/ms-tsts/winstation-state-class.ts';
import { type Order, type Row, type Task, task } from './protocol.ts';

/** Lists the sessions of Windows hosts with Usher's own fleet, as one of the peers: see protocol.ts. */
const states: Readonly<Record<string, number>> = winStationStateClass;

function rowsOf(at: number, { sessions, complete, notes }: HostReading): readonly Row[] {
  if (!complete || notes.length > 0) throw new Error(`host ${at} did not tell all: ${JSON.stringify(notes)}`);
  return sessions.flatMap(({ id, kind, user, domain, state, client, loggedOnAt, lastInputAt }) => {
    if (kind !== 'user' || user === null || state === null) return [];
    return {
      host: at,
      id,
      user,
      domain: domain ?? '',
      state: states[state] ?? -1,
      client: state === 'active' ? (client.name ?? '') : '',
      logonAt: loggedOnAt?.epochMilliseconds ?? null,
      inputAt: lastInputAt?.epochMilliseconds ?? null,
    };
  });
}

function hostsOf({ user, places }: Task): readonly FleetHost[] {
  const same = { groups: [], tags: new Map<string, string>(), credential: null, slots: null, simulated: true };
  return places.map(({ address, port }, at) => {
    return { ...same, name: `bench${at}`, url: parseHostUrl(`windows://${user}@${address}:${port}`) };
  });
}

function fleetOf({ password, parallel }: Task): Fleet {
  return {
    drivers: [
      windowsDriver({
        dial: dialTcp,
        machine: 'bench',
        now: () => Temporal.Now.instant(),
        random: (count) => crypto.getRandomValues(new Uint8Array(count)),
        after: (delay, work) => realTimers.after(delay, work),
      }),
    ],
    secretsOf: createSecrets({
      env: { USHER_PASSWORD: password },
      passwordFile: null,
      identityFiles: [],
      ask: null,
      readFile: async () => new Secret(''),
    }),
    gate: createLogonGate(realTimers),
    timers: realTimers,
    timeout: milliseconds(300_000),
    parallel,
    random: Math.random,
  };
}

/** Every host of the task, over a connection that outlasts a round. */
class Lister {
  readonly #fleet: Fleet;
  readonly #hosts: readonly FleetHost[];
  readonly #parallel: number;
  #kept: readonly KeptHost[] = [];

  constructor(asked: Task) {
    this.#fleet = fleetOf(asked);
    this.#hosts = hostsOf(asked);
    this.#parallel = asked.parallel;
  }

  async close(): Promise<void> {
    await Promise.all(this.#kept.map((host) => host[Symbol.asyncDispose]()));
    this.#kept = [];
  }

  async cold(signal: AbortSignal): Promise<ReadonlyMap<FleetHost, HostReading>> {
    const readings = new Map<FleetHost, HostReading>();
    const kept: KeptHost[] = [];
    const work = { hosts: this.#hosts, signal, read: listSessionsOnce, keep: () => true };
    for await (const outcome of sweep(this.#fleet, work)) {
      if (!outcome.ok) throw outcome.error;
      readings.set(outcome.host, outcome.value);
      kept.push(keepHost(this.#fleet, outcome.host, outcome.connection));
    }
    this.#kept = kept;
    return readings;
  }

  async warm(signal: AbortSignal): Promise<ReadonlyMap<FleetHost, HostReading>> {
    const readings = new Map<FleetHost, HostReading>();
    const waiting = this.#kept.values();
    const worker = async (): Promise<void> => {
      for (const kept of waiting) readings.set(kept.host, await kept.use(listSessionsOnce, signal));
    };
    await Promise.all(Array.from({ length: this.#parallel }, worker));
    return readings;
  }

  rows(readings: ReadonlyMap<FleetHost, HostReading>): readonly Row[] {
    return this.#hosts.flatMap((host, at) => {
      const reading = readings.get(host);
      return reading === undefined ? [] : rowsOf(at, reading);
    });
  }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { value: first } = await lines.next();
const lister = new Lister(task.parse(JSON.parse(String(first))));
for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
  const order = line.value as Order;
  const patience = AbortSignal.timeout(600_000);
  if (order === 'cold') await lister.close();
  const [began, spent] = [performance.now(), process.cpuUsage()];
  const readings = await lister[order](patience);
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(spent);
  process.stdout.write(`${JSON.stringify({ took, cpu: (user + system) / 1000, rows: lister.rows(readings) })}\n`);
}
await lister.close();
