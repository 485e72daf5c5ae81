import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';
import type { Behaviour } from '../behaviours/behaviour.ts';
import { type SimulatedClock, ticksOf } from '../clock/simulated-clock.ts';
import type { AccountDirectory } from './account.ts';
import type { Actor } from './actor.ts';
import { type Ledger, type LedgerEntry, stampOf } from './ledger.ts';
import { type ListenerFacts, listenersOf, remoteDesktop, type SimulatedListener } from './listener.ts';
import { Notifications } from './notifications.ts';
import { Numbering } from './numbering.ts';
import type { SimulatedProcess } from './process.ts';
import { type HiveKey, valueAt } from './registry/hive.ts';
import { dwordOf } from './registry/values.ts';
import { keyPaths, windowsHive } from './registry/windows-hive.ts';
import type { SimulatedSession } from './session.ts';

/** How long things take on a host. */
export interface Pace {
  /** From a log-off to its end. */
  readonly logoff: Milliseconds;
  readonly reset: Milliseconds;
  /** From a shutdown that was asked for until the host is down. */
  readonly shutdown: Milliseconds;
  /** From down to up again. */
  readonly boot: Milliseconds;
}

/** Everything at once, as tests like it. */
export const noPace: Pace = {
  logoff: milliseconds(0),
  reset: milliseconds(0),
  shutdown: milliseconds(0),
  boot: milliseconds(0),
};

export interface HostFacts {
  /** Its NetBIOS name. */
  readonly name: string;
  /** NetBIOS name of its domain; its own name where it is in none. */
  readonly domain: string;
  readonly dnsDomain: string;
  readonly accounts: AccountDirectory;
  /** `RDP-Tcp` where nothing is said. */
  readonly listeners?: readonly ListenerFacts[];
  readonly pace?: Pace;
  readonly behaviours?: readonly Behaviour[];
  /** How far its clock is ahead of the simulated one; negative: behind. */
  readonly clockSkew?: Milliseconds;
}

export interface WorldSurroundings {
  readonly clock: SimulatedClock;
  readonly ledger: Ledger;
}

/** How often something has happened since a host started. */
export interface Tally {
  readonly total: number;
  readonly disconnected: number;
  readonly reconnected: number;
  readonly logons: number;
}

const noTally: Tally = { total: 0, disconnected: 0, reconnected: 0, logons: 0 };

/** What happened → what is counted. */
const tallied: Readonly<Partial<Record<LedgerEntry['what']['kind'], keyof Tally>>> = {
  created: 'total',
  disconnected: 'disconnected',
  connected: 'reconnected',
  'logged-on': 'logons',
};

/** Told of everything that happens on a host, after its behaviours. */
export interface HostWatcher {
  readonly happened: (entry: LedgerEntry) => void;
  readonly registryChanged: (before: HiveKey) => void;
}

/** What a host's power is. Between `up` and `down` no act is taken on. */
export type Power = 'up' | 'going-down' | 'down';

/**
 * The state of one simulated host: what its services tell is read here. It has no I/O, no time of its own and no randomness. Only the
 * functions of `acts/`, `place-session.ts` and `power.ts` change it.
 */
export class SimulatedHost {
  readonly name: string;
  readonly domain: string;
  readonly dnsDomain: string;
  readonly accounts: AccountDirectory;
  readonly pace: Pace;
  readonly notifications = new Notifications();
  readonly numbering = new Numbering();
  readonly sessions = new Map<number, SimulatedSession>();
  readonly processes = new Map<number, SimulatedProcess>();
  readonly listeners: readonly SimulatedListener[];
  clockSkew: Milliseconds;
  power: Power = 'down';
  /** A FILETIME of the host's own clock. */
  bootedAt = 0n;
  /** What happened since it started, for its counters. */
  tally: Tally = noTally;
  /** What ends with the host: connections to it. */
  readonly #hangUps = new Set<() => void>();
  readonly #watchers = new Set<HostWatcher>();
  readonly #surroundings: WorldSurroundings;
  #behaviours: readonly Behaviour[] = [];
  #registry: HiveKey;
  #boots = 0;

  constructor(facts: HostFacts, surroundings: WorldSurroundings) {
    const { listeners = [remoteDesktop], pace = noPace, clockSkew = milliseconds(0) } = facts;
    this.name = facts.name;
    this.domain = facts.domain;
    this.dnsDomain = facts.dnsDomain;
    this.accounts = facts.accounts;
    this.pace = pace;
    this.clockSkew = clockSkew;
    this.listeners = listenersOf(listeners);
    this.#registry = windowsHive(
      facts.name,
      facts.dnsDomain,
      listeners.map(({ name }) => name),
    );
    this.#surroundings = surroundings;
  }

  get behaviours(): readonly Behaviour[] {
    return this.#behaviours;
  }

  /** Those that it has not had before begin now. */
  set behaviours(behaviours: readonly Behaviour[]) {
    const before = this.#behaviours;
    this.#behaviours = behaviours;
    for (const behaviour of behaviours) if (!before.includes(behaviour)) behaviour.begins?.(this);
  }

  /** HKEY_LOCAL_MACHINE. */
  get registry(): HiveKey {
    return this.#registry;
  }

  set registry(registry: HiveKey) {
    const before = this.#registry;
    this.#registry = registry;
    for (const { registryChanged } of this.#watchers) registryChanged(before);
  }

  /** Time as the host has it, with its skew: a FILETIME. */
  now(): bigint {
    return this.#surroundings.clock.now() + ticksOf(this.clockSkew);
  }

  /** Does the work later, unless the host has gone down meanwhile. */
  after(delay: Milliseconds, work: () => void): Disposable {
    const boots = this.#boots;
    return this.afterWhatever(delay, () => {
      if (this.#boots === boots && this.power !== 'down') work();
    });
  }

  /** Does the work later, whether the host is up then or not. */
  afterWhatever(delay: Milliseconds, work: () => void): Disposable {
    return this.#surroundings.clock.after(delay, work);
  }

  /** Whether Remote Desktop is on, by its policy or else by itself: without it, there is no service for it. */
  get allowsRemoteDesktop(): boolean {
    const name = 'fDenyTSConnections';
    return (this.dword(keyPaths.policies, name) ?? this.dword(keyPaths.terminalServer, name)) !== 1;
  }

  /** A REG_DWORD; null where it is not there. */
  dword(path: readonly string[], name: string): number | null {
    return dwordOf(valueAt(this.registry, path, name));
  }

  /** Those of the session, then those of the host. */
  behavioursOf(session: SimulatedSession | null): readonly Behaviour[] {
    return session === null ? this.behaviours : [...session.behaviours, ...this.behaviours];
  }

  /** Those that are there now: what is made while somebody goes through them is not among them. */
  allSessions(): readonly SimulatedSession[] {
    return [...this.sessions.values()];
  }

  processesOf(sessionId: number): readonly SimulatedProcess[] {
    return [...this.processes.values()].filter((process) => process.sessionId === sessionId);
  }

  listener(name: string): SimulatedListener | null {
    return this.listeners.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? null;
  }

  /** Writes into the ledger, and tells the behaviours that it concerns. */
  note(by: Actor, session: SimulatedSession | null, what: LedgerEntry['what']): void {
    const stamp = session === null ? null : stampOf(session);
    const entry: LedgerEntry = { at: this.#surroundings.clock.now(), host: this.name, by, session: stamp, what };
    this.#surroundings.ledger.append(entry);
    const counted = tallied[what.kind];
    if (counted !== undefined) this.tally = { ...this.tally, [counted]: this.tally[counted] + 1 };
    for (const behaviour of this.behavioursOf(session)) behaviour.happened?.(entry, this);
    for (const { happened } of this.#watchers) happened(entry);
  }

  /** For as long as the host is there: what Windows itself does when something happens. */
  watch(watcher: HostWatcher): void {
    this.#watchers.add(watcher);
  }

  /** Until it is disposed of, this is done when the host goes down. */
  whenDown(hangUp: () => void): Disposable {
    this.#hangUps.add(hangUp);
    return { [Symbol.dispose]: () => void this.#hangUps.delete(hangUp) };
  }

  /** Ends every connection. */
  hangUp(): void {
    const hangUps = [...this.#hangUps];
    this.#hangUps.clear();
    for (const one of hangUps) one();
  }

  /** Another life begins: what waits of the one before is not done. */
  beginBoot(): void {
    this.#boots++;
    this.power = 'up';
    this.tally = noTally;
    this.bootedAt = this.now();
  }
}
