import type { Milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { openServer } from '../../wire/ms-tsts/ica-api/open-server.ts';
import type { ListWanted } from '../driver.ts';
import { readListeners } from './administration/listeners.ts';
import { mostSome } from './bell.ts';
import { bootOf } from './boot.ts';
import { mayBe } from './cut-names.ts';
import { readTraffic } from './details.ts';
import { type Enumerated, type Enumeration, enumerate } from './enumeration.ts';
import type { Gap, HostFacts, ProcessFacts, SessionFacts, SomeFacts } from './facts.ts';
import { isMoment } from './filetime.ts';
import { icaClosed, listenersHidden, processesHidden, rdpOff, remoteDesktopOf } from './gaps.ts';
import { type HostPipes, pipe, survived } from './host-pipes.ts';
import { Patience } from './patience.ts';
import { readProcesses } from './read-processes.ts';
import { failureOfIcaApi, succeed } from './results.ts';
import { type Read, type Round, servicesSession, SessionReader } from './session-reader.ts';

/** Time as the reader sees it. */
export interface ReaderClock {
  /** The host's clock, as a FILETIME. */
  hostNow(): bigint;
  after(delay: Milliseconds, work: () => void): Disposable;
}

/** One that does not answer for its traffic costs not the clock. */
const mostClocks = 2;
/** The most sessions that are asked about. */
const mostSessions = 10_000;

/**
 * Reads a host: one round of calls for the list, one for the details of all its sessions. A call that the host does not answer in
 * `patience`, or refuses, costs its columns; one that is not answered is not made again until it is.
 */
export class HostReader {
  readonly #pipes: HostPipes;
  readonly #clock: ReaderClock;
  readonly #patience: Patience;
  readonly #sessions: SessionReader;
  #enumeration: Enumeration = 'unknown';
  #server: ContextHandle | null = null;
  /** A connection outlives no boot of its host. What its first reading tells stays, so that no session seems another one later. */
  #boot: bigint | null = null;
  #last = new Map<number, SessionFacts>();
  /** What enumeration left out the last time: it is read with the others. */
  #leftOut: readonly number[] = [];

  constructor(pipes: HostPipes, clock: ReaderClock, patience: Milliseconds) {
    this.#pipes = pipes;
    this.#clock = clock;
    this.#patience = new Patience((delay, work) => clock.after(delay, work), patience);
    this.#sessions = new SessionReader(pipes, this.#patience);
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
    const rcm = remoteDesktopOf(this.#pipes);
    const [{ how, sessions: listed }, listeners, server] = await Promise.all([
      enumerate(this.#pipes.lsm, this.#enumeration),
      this.#orGap(gaps, rcm instanceof UsherError ? rdpOff : listenersHidden, async () => readListeners(pipe(rcm))),
      this.#orGap(gaps, icaClosed, () => this.openServer()),
    ]);
    this.#enumeration = how;
    if (listed.length > mostSessions) throw tooMany(listed.length);
    const ids = new Set(listed.map(({ id }) => id));
    const known = this.#leftOut.filter((id) => !ids.has(id));
    const [processes, sessions, leftOut] = await Promise.all([
      early.processes ?? this.#readProcesses(server, gaps, listed.length),
      Promise.all(
        listed.map(async (one) => (await fitting(one, early.sessions)) ?? this.#sessions.read(one, server, round)),
      ),
      Promise.all(known.map((id) => this.#readUnlisted(id, server, round))),
    ]);
    const unlisted = new Set((processes ?? []).map(({ sessionId }) => sessionId)).difference(ids);
    const before = this.#last;
    // Where no process tells what enumeration leaves out, what it had before is asked about.
    const missed = processes === null ? [...before.keys()].filter((id) => !ids.has(id)) : [];
    const others = unlisted.union(new Set(missed)).difference(new Set(known));
    const count = ids.size + known.length + others.size;
    if (count > mostSessions) throw tooMany(count);
    const found = await Promise.all([...others].map((id) => this.#readUnlisted(id, server, round)));
    // What neither the list nor any process tells of is kept only where the host answers for it.
    const isKept = ({ facts, isThere }: Read): boolean =>
      isThere && (processes === null || unlisted.has(facts.id) || facts.times !== null);
    const unseen = [...leftOut, ...found];
    const hidden = unseen.filter(isKept);
    this.#leftOut = [...unlisted.union(new Set(hidden.map(({ facts }) => facts.id)))];
    this.#boot ??= bootOf(processes ?? []);
    const all = this.#remember([...sessions, ...hidden]);
    const told = all.map(({ now }) => now).findLast((now) => now > 0n) ?? (await this.#clockOf(all, server, round));
    const now = told ?? this.#clock.hostNow();
    const isAnother = (one: Read): boolean => isCertain(one, now) && isOtherLogon(before.get(one.facts.id), one.facts);
    const gone = [...unseen.filter(({ isGone }) => isGone), ...sessions.filter(isAnother)];
    return {
      now,
      boot: this.#boot,
      sessions: all.map(({ facts }) => facts),
      listeners: listeners ?? [],
      processes,
      // Sessions that enumeration leaves out are found by their processes alone.
      complete: processes !== null && all.every(({ isSure }) => isSure),
      gone: new Set(gone.map(({ facts }) => facts.id)),
      gaps,
    };
  }

  /**
   * Some sessions alone: in one round of calls, in two where somebody has logged on or one is gone, which its list confirms. Null where that
   * does not tell each of them for certain, and all of the host has to be read. Throws `UsherError` where the host is lost.
   */
  async readSome(ids: readonly number[]): Promise<SomeFacts | null> {
    if (this.#boot === null || ids.length > mostSome) return null;
    const round: Round = { gaps: [], rates: true, clocks: { left: mostClocks } };
    const all = await Promise.all(
      ids.map((id) => this.#sessions.read({ id, state: null, name: null, account: null }, this.#server, round)),
    );
    const there = all.filter(({ isGone }) => !isGone);
    const now = there.map((one) => one.now).findLast((told) => told > 0n) ?? this.#clock.hostNow();
    if (!there.every((one) => isCertain(one, now))) return null;
    const sessions = await this.#named(there.map(({ facts }) => facts));
    if (sessions === null) return null;
    const gone = new Set(all.filter(({ isGone }) => isGone).map(({ facts }) => facts.id));
    if (gone.size > 0 && (await this.#lists(gone))) return null;
    for (const facts of sessions) this.#last.set(facts.id, facts);
    for (const id of gone) this.#last.delete(id);
    this.#sessions.forget((id) => gone.has(id));
    return { now, boot: this.#boot, sessions, gone };
  }

  /** Whether the host lists one of these. */
  async #lists(ids: ReadonlySet<number>): Promise<boolean> {
    const { sessions } = await enumerate(this.#pipes.lsm, this.#enumeration);
    return sessions.some(({ id }) => ids.has(id));
  }

  /** Under the names that the list has, or had at the same logon: a session keeps its identity. Null where they are another's. */
  async #named(sessions: readonly SessionFacts[]): Promise<readonly SessionFacts[] | null> {
    const isKnown = (facts: SessionFacts): boolean => isSameLogon(this.#last.get(facts.id), facts);
    const hasNews = this.#enumeration === 'all' && !sessions.every(isKnown);
    const listed = hasNews ? (await enumerate(this.#pipes.lsm, 'all')).sessions : [];
    const named: SessionFacts[] = [];
    for (const facts of sessions) {
      const known = this.#last.get(facts.id);
      const account = isKnown(facts) ? known : listed.find(({ id }) => id === facts.id)?.account;
      if (account === undefined || account === null) named.push(facts);
      else if (mayBe(account, facts)) named.push({ ...facts, user: account.user, domain: account.domain });
      else return null;
    }
    return named;
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
            survived(error, this.#pipes);
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
    this.#sessions.forget((id) => !this.#last.has(id));
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
        const read = this.#sessions.read({ id, state, name, account: null }, server, round);
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

  /** A session that enumeration leaves out, if there is one. */
  #readUnlisted(id: number, server: ContextHandle | null, round: Round): Promise<Read> {
    return this.#sessions.read({ id, state: null, name: null, account: null }, server, round);
  }

  /** What is missing costs columns. */
  async #orGap<T>(gaps: Gap[], cost: Pick<Gap, 'code' | 'columns'>, read: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#patience.within(cost.code, read);
    } catch (error) {
      gaps.push({ ...cost, error: survived(error, this.#pipes) });
      return null;
    }
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

/** Whether it is known which session it is: of one without a user, or without the time of its logon, its processes alone tell. */
const isCertain = ({ facts, isSure }: Read, now: bigint): boolean =>
  isSure && facts.user !== '' && facts.times !== null && isMoment(facts.times.loggedOn, now);

const isSameLogon = (before: SessionFacts | undefined, now: SessionFacts): boolean =>
  before?.times?.loggedOn === now.times?.loggedOn && before !== undefined && mayBe(before, now);

const isOtherLogon = (before: SessionFacts | undefined, now: SessionFacts): boolean =>
  (before?.times?.loggedOn ?? 0n) > 0n && !isSameLogon(before, now);

type Names = Pick<SessionFacts, 'user' | 'domain'>;

const sameUser = (one: Names, other: Names): boolean => one.user === other.user && one.domain === other.domain;

const tooMany = (count: number): UsherError =>
  new UsherError({
    code: 'bad_answer',
    message: `the host has ${count} sessions, where ${mostSessions} are the limit`,
  });
