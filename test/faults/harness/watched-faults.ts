import { type WatchEvent, watchHosts } from '../../../src/fleet/watch.ts';
import type { ErrorCode } from '../../../src/sessions/errors.ts';
import { aClient, type Client } from './client.ts';
import { aFaultyEstate, type FaultyEstate, type FaultyHost } from './estate.ts';
import type { Fault } from './faults.ts';
import { type Left, leftOf, resources, turn, until } from './left.ts';
import { swept } from './swept.ts';

/** Longer than a host is left alone after a reading, and longer than one that is quiet goes unread. */
const [rest, quiet] = [100, 45_000];

/** What was told of one host of a watch. */
export interface Watched {
  readonly of: FaultyHost;
  /** But for what is known. */
  readonly told: WatchEvent['kind'][];
  /** Why it was lost, each time. */
  readonly losses: ErrorCode[];
}

/** A watch over hosts of which some are faulty from the beginning. Time passes only while no healthy host is being read. */
export class WatchedFaults implements AsyncDisposable {
  readonly client: Client;
  readonly hosts: ReadonlyMap<string, Watched>;
  readonly #estate: FaultyEstate;
  readonly #ending = new AbortController();
  readonly #before = resources();
  readonly #known = new Set<string>();
  #watching: Promise<void> = Promise.resolve();

  private constructor(estate: FaultyEstate, seed: number) {
    this.client = aClient(seed);
    this.#estate = estate;
    this.hosts = new Map(estate.hosts.map((of) => [of.host.name, { of, told: [], losses: [] }]));
  }

  /** The password is proven at one healthy host before the watch begins. */
  static async start(wrong: readonly (Fault | null)[], seed: number): Promise<WatchedFaults> {
    const watched = new WatchedFaults(await aFaultyEstate(wrong, seed, { sessions: 1 }), seed);
    const first = watched.#estate.hosts.filter(({ fault }) => fault === null).slice(0, 1);
    await swept(watched.client, first, watched.#ending.signal);
    watched.#watching = watched.#watch();
    return watched;
  }

  healthy(): readonly Watched[] {
    return [...this.hosts.values()].filter(({ of }) => of.fault === null);
  }

  faulty(): readonly Watched[] {
    return [...this.hosts.values()].filter(({ of }) => of.fault !== null);
  }

  /** Until every healthy host has told its sessions. */
  async known(): Promise<void> {
    await until(() => this.healthy().every(({ of }) => this.#known.has(of.host.name)), 'the sessions of healthy hosts');
  }

  /** Until every faulty host but those that stall was told to be lost. */
  async lost(): Promise<void> {
    const prompt = this.faulty().filter(({ of }) => of.fault?.kind !== 'stalls');
    await until(() => prompt.every(({ losses }) => losses.length > 0), 'the loss of faulty hosts');
  }

  /** Lets 45 s pass, and every healthy host is read once more. */
  async round(): Promise<void> {
    this.#known.clear();
    this.client.pass(rest);
    await turn();
    this.client.pass(quiet);
    await this.known();
  }

  /** Ends the watch, and tells what is left of it. */
  async end(): Promise<Left> {
    this.#ending.abort();
    await this.#watching;
    return leftOf({
      client: this.client,
      estate: this.#estate,
      signal: this.#ending.signal,
      before: this.#before,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#watching;
    await this.#estate[Symbol.asyncDispose]();
  }

  async #watch(): Promise<void> {
    const hosts = this.#estate.hosts.map(({ host }) => host);
    for await (const event of watchHosts(this.client.fleet, hosts, this.#ending.signal)) {
      const { name } = event.host;
      if (event.kind === 'known') this.#known.add(name);
      else this.hosts.get(name)?.told.push(event.kind);
      if (event.kind === 'lost') this.hosts.get(name)?.losses.push(event.error.code);
    }
  }
}
