import type { Milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { winStationStateClass } from '../../wire/ms-tsts/winstation-state-class.ts';
import { getUserName } from '../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { openSession } from '../../wire/ms-tsts/term-srv-session/open-session.ts';
import { closeSession } from '../../wire/ms-tsts/term-srv-session/close-session.ts';
import { openServer } from '../../wire/ms-tsts/ica-api/open-server.ts';
import type { ListWanted } from '../driver.ts';
import { readListeners } from './administration/listeners.ts';
import { bootOf } from './boot.ts';
import { longestDomain, longestUser, mayBe } from './cut-names.ts';
import { type Information, readAddress, readClient, readInformation, readLastInput, readTraffic } from './details.ts';
import { type Enumerated, type Enumeration, enumerate } from './enumeration.ts';
import type { Gap, HostFacts, ProcessFacts, SessionFacts } from './facts.ts';
import { icaClosed, listenersHidden, noteFailure, processesHidden, type Question, rdpOff, replaced } from './gaps.ts';
import { Patience } from './patience.ts';
import { readProcesses } from './read-processes.ts';
import { failureOfHresult, failureOfIcaApi } from './results.ts';
import type { RpcPipe } from './rpc-pipe.ts';

/** The pipes of a host; null with the reason where a pipe is not there. */
export interface HostPipes {
  /** LSM_API_service: without it there is nothing to read. */
  readonly lsm: RpcPipe;
  /** TermSrv_API_service: not there with Remote Desktop switched off. */
  readonly rcm: RpcPipe | UsherError;
  /** Ctx_WinStation_API_service. */
  readonly ica: RpcPipe | UsherError;
}

/** Time as the reader sees it. */
export interface ReaderClock {
  /** The host's clock, as a FILETIME. */
  hostNow(): bigint;
  after(delay: Milliseconds, work: () => void): Disposable;
}

/** Services have session 0, which no client ever connects to. */
const servicesSession = 0;
/** One that does not answer for its traffic costs not the clock. */
const mostClocks = 2;
/** The most sessions that are asked about. */
const mostSessions = 10_000;

/** The states of a session that a client is connected to. */
const connected: ReadonlySet<number> = new Set([
  winStationStateClass.active,
  winStationStateClass.connected,
  winStationStateClass.connectQuery,
  winStationStateClass.shadow,
]);

/** One reading: what it lacks, and whether rates are wanted of it. */
interface Round extends Required<ListWanted> {
  readonly gaps: Gap[];
  /** How many more sessions are asked for their traffic without rates: that call alone tells the host's clock. */
  readonly clocks: { left: number };
}

/** Where to put what a session does not tell, and why. */
interface Missing {
  readonly gaps: Gap[];
  readonly silent: string[];
  readonly refused: Question[];
}

/**
 * Reads a host: one round of calls for the list, one for the details of all its sessions. A call that the host does not answer in
 * `patience`, or refuses, costs its columns; one that is not answered is not made again until it is.
 */
export class HostReader {
  readonly #pipes: HostPipes;
  readonly #clock: ReaderClock;
  readonly #patience: Patience;
  #enumeration: Enumeration = 'unknown';
  #server: ContextHandle | null = null;
  /** A connection outlives no boot of its host. What its first reading tells stays, so that no session seems another one later. */
  #boot: bigint | null = null;
  #last: ReadonlyMap<number, SessionFacts> = new Map();
  /** Names that LSM may cut, by session. */
  readonly #names = new Map<number, { readonly logon: string; readonly names: Names }>();
  /** What enumeration left out the last time: it is read with the others. */
  #leftOut: readonly number[] = [];

  constructor(pipes: HostPipes, clock: ReaderClock, patience: Milliseconds) {
    this.#pipes = pipes;
    this.#clock = clock;
    this.#patience = new Patience((delay, work) => clock.after(delay, work), patience);
  }

  /** The host's clock, as a FILETIME. */
  get now(): bigint {
    return this.#clock.hostNow();
  }

  /** When the host started; 0 where it cannot be seen, null where nothing was read yet. */
  get boot(): bigint | null {
    return this.#boot;
  }

  /** Throws `UsherError` where the list itself cannot be had. Without `rates` no traffic is asked for but for the host's clock. */
  async read({ rates = true }: ListWanted = {}): Promise<HostFacts> {
    const gaps: Gap[] = [];
    const round: Round = { gaps, rates, clocks: { left: mostClocks } };
    const early = this.#readEarly(round);
    const [{ how, sessions: listed }, listeners, server] = await Promise.all([
      enumerate(this.#pipes.lsm, this.#enumeration),
      this.#orGap(gaps, this.#pipes.rcm instanceof UsherError ? rdpOff : listenersHidden, async () =>
        readListeners(pipe(this.#pipes.rcm)),
      ),
      this.#orGap(gaps, icaClosed, () => this.openServer()),
    ]);
    this.#enumeration = how;
    if (listed.length > mostSessions) throw tooMany(listed.length);
    const ids = new Set(listed.map(({ id }) => id));
    const known = this.#leftOut.filter((id) => !ids.has(id));
    const [processes, sessions, leftOut] = await Promise.all([
      early.processes ?? this.#readProcesses(server, gaps, listed.length),
      Promise.all(
        listed.map(async (one) => (await fitting(one, early.sessions)) ?? this.#readSession(one, server, round)),
      ),
      Promise.all(known.map((id) => this.#readLeftOut(id, server, round))),
    ]);
    const unlisted = new Set((processes ?? []).map(({ sessionId }) => sessionId)).difference(ids);
    const others = [...unlisted.difference(new Set(known))];
    const found = await Promise.all(others.map((id) => this.#readLeftOut(id, server, round)));
    // What neither the list nor any process tells of is kept only where the host answers for it.
    const isThere = ({ facts }: Read): boolean => processes === null || unlisted.has(facts.id) || facts.times !== null;
    const hidden = [...leftOut, ...found].flatMap((one) => (one !== null && isThere(one) ? one : []));
    this.#leftOut = [...unlisted.union(new Set(hidden.map(({ facts }) => facts.id)))];
    this.#boot ??= bootOf(processes ?? []);
    const all = this.#remember([...sessions, ...hidden]);
    const told = all.map(({ now }) => now).findLast((now) => now > 0n) ?? (await this.#clockOf(all, server, round));
    return {
      now: told ?? this.#clock.hostNow(),
      boot: this.#boot,
      sessions: all.map(({ facts }) => facts),
      listeners: listeners ?? [],
      processes,
      // Sessions that enumeration leaves out are found by their processes alone.
      complete: processes !== null && all.every(({ isSure }) => isSure),
      gaps,
    };
  }

  /** The host's clock where those that were asked for it were kept from this user: by any other session that is not. */
  async #clockOf(
    read: readonly Read[],
    server: ContextHandle | null,
    { rates, clocks }: Round,
  ): Promise<bigint | null> {
    if (rates || clocks.left > 0 || server === null) return null;
    const others = read.map(({ facts }) => facts.id).filter((id) => id !== servicesSession);
    const told = await Promise.all(
      others.map((id) =>
        this.#patience
          .within(`clock ${id}`, () => readTraffic(pipe(this.#pipes.ica), server, id))
          .catch((error: unknown) => {
            this.#survived(error);
            return null;
          }),
      ),
    );
    return told.find((one) => one !== null)?.now ?? null;
  }

  /** What must outlast a reading that does not tell it: a session that was silent for once is no other session. */
  #remember(read: readonly Read[]): readonly Read[] {
    const all = read.map((one) => {
      const before = this.#last.get(one.facts.id);
      if (one.facts.times !== null || before === undefined || !sameUser(before, one.facts)) return one;
      return { ...one, facts: { ...one.facts, times: before.times } };
    });
    this.#last = new Map(all.map(({ facts }) => [facts.id, facts]));
    for (const id of this.#names.keys()) if (!this.#last.has(id)) this.#names.delete(id);
    this.#patience.forget((key) => {
      const [, id] = / (\d+)$/.exec(key) ?? [];
      return id !== undefined && !this.#last.has(Number(id));
    });
    return all;
  }

  /**
   * An older host lists in two calls. What its last reading told of is asked about while the first is under way, so that a reading
   * of the same sessions waits twice all the same.
   */
  #readEarly(round: Round): Early {
    const server = this.#server;
    if (this.#enumeration !== 'enum' || server === null) return { processes: null, sessions: new Map() };
    const processes = this.#readProcesses(server, round.gaps, this.#last.size);
    const sessions = new Map(
      [...this.#last.values()].map(({ id, state, name }) => {
        const read = this.#readSession({ id, state, name, account: null }, server, round);
        read.catch(() => undefined);
        return [id, read] as const;
      }),
    );
    processes.catch(() => undefined);
    return { processes, sessions };
  }

  async #readProcesses(server: ContextHandle | null, gaps: Gap[], sessions: number) {
    if (server === null) return null;
    return this.#orGap(gaps, processesHidden, () => readProcesses(pipe(this.#pipes.ica), server, sessions));
  }

  /** Throws `UsherError`. */
  async openServer(): Promise<ContextHandle> {
    if (this.#server !== null) return this.#server;
    const operation = 'opening the WinStation service';
    const answer = await pipe(this.#pipes.ica).call(openServer, {}, { operation });
    succeed(failureOfIcaApi(answer, operation));
    this.#server = answer.phServer;
    return answer.phServer;
  }

  async #readSession(listed: Enumerated, server: ContextHandle | null, round: Round): Promise<Read> {
    const { id, account } = listed;
    const { gaps, clocks } = round;
    const { lsm, rcm, ica } = this.#pipes;
    const missing: Missing = { gaps, silent: [], refused: [] };
    const ask = <T>(question: Question, read: () => Promise<T>): Promise<T | null> =>
      this.#ask(question, id, missing, read);
    const isServices = id === servicesSession;
    const hasInput = !isServices && !(rcm instanceof UsherError);
    const hasClient = hasInput && (listed.state === null || connected.has(listed.state));
    const isClock = !isServices && !round.rates && clocks.left > 0;
    if (isClock) clocks.left -= 1;
    const hasTraffic = isClock || (!isServices && round.rates);
    const [information, lastInputTime, client, address, traffic] = await Promise.all([
      ask('state', () => readInformation(lsm, id)),
      hasInput ? ask('last input', () => readLastInput(pipe(rcm), id)) : null,
      hasClient ? ask('client', () => readClient(pipe(rcm), id)) : null,
      hasClient ? ask('address', () => readAddress(pipe(rcm), id)) : null,
      hasTraffic && server !== null ? ask('traffic', () => readTraffic(pipe(ica), server, id)) : null,
    ]);
    if (account !== null && information !== null && !mayBe(account, information)) {
      gaps.push(replaced(id));
      return { facts: blank(listed), now: 0n, isThere: true, isSure: false };
    }
    const told = account ?? (information === null ? null : await this.#namesOf(id, information, missing));
    const facts: SessionFacts = {
      id,
      state: listed.state ?? information?.state ?? unknownState,
      name: listed.name ?? information?.name ?? '',
      user: told?.user ?? '',
      domain: told?.domain ?? '',
      times: information?.times ?? null,
      locked: information?.locked ?? null,
      lastInputTime,
      client,
      address,
      traffic: traffic?.traffic ?? null,
      silent: missing.silent,
    };
    const isThere = information !== null || missing.silent.length > 0 || missing.refused.length > 0;
    return { facts, now: traffic?.now ?? 0n, isThere, isSure: !missing.silent.includes('its state') };
  }

  /** What was asked for once is known as long as the same logon lasts. */
  async #namesOf(id: number, information: Information, missing: Missing): Promise<Names> {
    const logon = `${information.times.loggedOn} ${information.domain}\\${information.user}`;
    const known = this.#names.get(id);
    if (known?.logon === logon) return known.names;
    const names = await this.#wholeNames(id, information, missing);
    if (names !== null) this.#names.set(id, { logon, names });
    return names ?? information;
  }

  /**
   * LSM cuts names at the length of its fields: what may have been cut is asked for again, on a handle of the session. Null where
   * the host does not tell.
   */
  async #wholeNames(id: number, { user, domain }: Names, missing: Missing): Promise<Names | null> {
    if (user.length < longestUser && domain.length < longestDomain) return { user, domain };
    const operation = `reading the user of session ${id}`;
    const { lsm } = this.#pipes;
    const read = async (): Promise<Names> => {
      const { phSession, returnValue } = await lsm.call(openSession, { sessionId: id }, { operation });
      succeed(failureOfHresult(returnValue, operation));
      const asked = lsm.call(getUserName, { hSession: phSession }, { operation });
      lsm.call(closeSession, { phSession }, { operation }).catch(() => undefined);
      const { pszUserName, pszDomain, returnValue: result } = await asked;
      succeed(failureOfHresult(result, operation));
      return { user: pszUserName ?? user, domain: pszDomain ?? domain };
    };
    return this.#ask('user', id, missing, read);
  }

  /** A session that runs processes and that enumeration leaves out; null where the host knows of none. */
  async #readLeftOut(id: number, server: ContextHandle | null, round: Round): Promise<Read | null> {
    const read = await this.#readSession({ id, state: null, name: null, account: null }, server, round);
    return read.isThere ? read : null;
  }

  /** Null where the host refuses, or does not answer in time. */
  async #ask<T>(question: Question, id: number, missing: Missing, read: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#patience.within(`${question} ${id}`, read);
    } catch (error) {
      const failure = this.#survived(error);
      if (failure.code === 'timeout') missing.silent.push(`its ${question}`);
      else if (failure.code !== 'session_changed') {
        if (failure.code === 'access_denied') missing.refused.push(question);
        noteFailure(missing.gaps, question, failure);
      }
      return null;
    }
  }

  /** What is missing costs columns. */
  async #orGap<T>(gaps: Gap[], cost: Pick<Gap, 'code' | 'columns'>, read: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#patience.within(cost.code, read);
    } catch (error) {
      gaps.push({ ...cost, error: this.#survived(error) });
      return null;
    }
  }

  /** The failure, where the list goes on without what failed. Only the loss of LSM's pipe, or of the connection, ends it. */
  #survived(error: unknown): UsherError {
    if (!(error instanceof UsherError) || this.#pipes.lsm.lost !== null) throw error;
    return error;
  }
}

/** What was asked before the list was known. */
interface Early {
  readonly processes: Promise<readonly ProcessFacts[] | null> | null;
  readonly sessions: ReadonlyMap<number, Promise<Read>>;
}

/** What was read of a session early, where the list tells the same of it; null where it has to be read anew. */
async function fitting({ id, state, name }: Enumerated, early: Early['sessions']): Promise<Read | null> {
  const read = (await early.get(id)) ?? null;
  return read !== null && read.isThere && read.facts.state === state && read.facts.name === name ? read : null;
}

const blank = ({ id, state, name, account }: Enumerated): SessionFacts => ({
  id,
  state: state ?? unknownState,
  name: name ?? '',
  user: account?.user ?? '',
  domain: account?.domain ?? '',
  times: null,
  locked: null,
  lastInputTime: null,
  client: null,
  address: null,
  traffic: null,
  silent: [],
});

const sameUser = (one: SessionFacts, other: SessionFacts): boolean =>
  one.user === other.user && one.domain === other.domain;

const tooMany = (count: number): UsherError =>
  new UsherError({
    code: 'bad_answer',
    message: `the host lists ${count} sessions, where ${mostSessions} are the limit`,
  });

interface Names {
  readonly user: string;
  readonly domain: string;
}

/** No WINSTATIONSTATECLASS. */
const unknownState = -1;

interface Read {
  readonly facts: SessionFacts;
  /** The host's clock; 0 where it was not told. */
  readonly now: bigint;
  /** Whether the host tells of it, keeps it from this user or does not answer: it may be gone else. */
  readonly isThere: boolean;
  /** Whether it is told for certain whose session it is. */
  readonly isSure: boolean;
}

function pipe(one: RpcPipe | UsherError): RpcPipe {
  if (one instanceof UsherError) throw one;
  return one;
}

function succeed(failure: UsherError | null): void {
  if (failure !== null) throw failure;
}
