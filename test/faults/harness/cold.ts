import type { Fleet } from '../../../src/fleet/fleet.ts';
import type { FleetHost } from '../../../src/fleet/inventory.ts';
import { type HostOutcome, listSessions, sweep } from '../../../src/fleet/sweep.ts';
import type { Client } from './client.ts';
import { turn, until } from './left.ts';

/** The same fleet, in which the password is taken out for one host before any other. */
export function askingFirst({ secretsOf, ...fleet }: Fleet, first: string): Fleet {
  const asked = Promise.withResolvers<void>();
  return {
    ...fleet,
    secretsOf: (host) => {
      const secrets = secretsOf(host);
      return {
        ...secrets,
        async password(...of) {
          if (host.name === first) asked.resolve();
          else await asked.promise;
          return secrets.password(...of);
        },
      };
    },
  };
}

export interface Arrival {
  readonly outcome: HostOutcome<unknown>;
  /** How much time had passed, in milliseconds. */
  readonly at: number;
}

/** A sweep in which time passes when the test says so. */
export class ColdSweep {
  readonly arrivals = new Map<string, Arrival>();
  readonly #client: Client;
  readonly #sweeping: Promise<void>;
  #isOver = false;

  constructor(client: Client, fleet: Fleet, hosts: readonly FleetHost[], signal: AbortSignal) {
    this.#client = client;
    this.#sweeping = this.#sweep(fleet, hosts, signal);
  }

  /** Until all of these have answered or failed. */
  async arrived(hosts: readonly FleetHost[]): Promise<void> {
    await until(() => hosts.every(({ name }) => this.arrivals.has(name)), 'the outcomes of hosts');
  }

  /** Lets time pass until the sweep is over. */
  async over(): Promise<void> {
    for (; !this.#isOver; await turn()) this.#client.pass(1000);
    await this.#sweeping;
  }

  async #sweep(fleet: Fleet, hosts: readonly FleetHost[], signal: AbortSignal): Promise<void> {
    try {
      for await (const outcome of sweep(fleet, { hosts, signal, read: listSessions, repeatable: true })) {
        this.arrivals.set(outcome.host.name, { outcome, at: this.#client.now() });
      }
    } finally {
      this.#isOver = true;
    }
  }
}
