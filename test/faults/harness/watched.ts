import { type WatchEvent, watchHosts } from '../../../src/fleet/watch.ts';
import type { Chance } from '../../../src/simulator/people/random.ts';
import { aClient, type Client } from './client.ts';
import { aFaultyEstate, type FaultyEstate } from './estate.ts';
import { type Left, leftOf, mostTurns, resources, turn, until } from './left.ts';
import { type Death, Mortal } from './mortal.ts';

/** Longer than a host is left alone after a reading, and longer than one that is quiet goes unread. */
const [rest, quiet] = [100, 45_000];

/** Longer than any wait between two tries of a host. */
const longestWait = 90_000;

/** Hosts that are watched over real sockets, and die and come back together. Time passes only while all of them are dead. */
export class WatchedEstate implements AsyncDisposable {
  readonly client: Client;
  readonly #estate: FaultyEstate;
  readonly #mortals: readonly Mortal[];
  readonly #ending = new AbortController();
  readonly #before = resources();
  readonly #watching: Promise<void>;
  /** Host → what was told of it, but for what is known. */
  readonly told = new Map<string, string[]>();
  /** Hosts whose sessions were told since they were connected to. */
  readonly #known = new Set<string>();
  readonly #lost = new Set<string>();

  private constructor(estate: FaultyEstate, mortals: readonly Mortal[], seed: number) {
    this.client = aClient(seed);
    this.#estate = estate;
    this.#mortals = mortals;
    this.#watching = this.#watch();
  }

  static async start(hosts: number, seed: number): Promise<WatchedEstate> {
    const mortals = Array.from({ length: hosts }, () => new Mortal());
    const estate = await aFaultyEstate(
      mortals.map(() => null),
      seed,
      { sessions: 1, network: (_way, _chance, at) => mortals[at]?.network ?? {} },
    );
    return new WatchedEstate(estate, mortals, seed);
  }

  get size(): number {
    return this.#mortals.length;
  }

  /** Until all hosts are connected to and have told their sessions. */
  async connected(): Promise<void> {
    await until(() => this.#known.size === this.size, 'the sessions of all hosts');
  }

  /** Nothing happens at any host until each is read again. */
  async readAgain(): Promise<void> {
    this.#known.clear();
    // The rest after a reading comes before the wait for the next one.
    this.client.pass(rest);
    await turn();
    this.client.pass(quiet);
    await this.connected();
  }

  /** All hosts die, each in a way of its own. */
  die(chance: Chance): void {
    for (const mortal of this.#mortals) mortal.die(chance.one<Death>(['cut', 'mute', 'babble']), chance);
  }

  /** Until it was told of all hosts that they are lost, and none is being tried. */
  async lost(): Promise<void> {
    for (let left = mostTurns; this.#lost.size < this.size && left > 0; left -= 1) {
      this.client.pass(1000);
      await turn();
    }
    const isResting = (): boolean => this.client.sockets() === 0 && this.client.timers.pending() === this.size;
    await until(isResting, 'a rest after all hosts were lost');
  }

  async comeBack(): Promise<void> {
    for (const mortal of this.#mortals) mortal.comeBack();
    this.client.pass(longestWait);
    await this.connected();
  }

  /** Ends the watch, and tells what is left of it. */
  async end(): Promise<Left> {
    this.#ending.abort();
    await this.#watching;
    const { signal } = this.#ending;
    return leftOf({ client: this.client, estate: this.#estate, signal, before: this.#before });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#watching;
    await this.#estate[Symbol.asyncDispose]();
  }

  async #watch(): Promise<void> {
    const hosts = this.#estate.hosts.map(({ host }) => host);
    for await (const event of watchHosts(this.client.fleet, hosts, this.#ending.signal)) this.#hear(event);
  }

  #hear({ kind, host: { name } }: WatchEvent): void {
    if (kind === 'known') {
      this.#known.add(name);
      this.#lost.delete(name);
      return;
    }
    if (kind === 'lost') {
      this.#known.delete(name);
      this.#lost.add(name);
    }
    const told = this.told.get(name) ?? [];
    // How often a host that is dead was tried is nothing that a test asks.
    if (told.at(-1) !== kind) told.push(kind);
    this.told.set(name, told);
  }
}
