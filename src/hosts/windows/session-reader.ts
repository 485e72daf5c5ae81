import { UsherError } from '../../sessions/errors.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { winStationStateClass } from '../../wire/ms-tsts/winstation-state-class.ts';
import { getUserName } from '../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { openSession } from '../../wire/ms-tsts/term-srv-session/open-session.ts';
import { closeSession } from '../../wire/ms-tsts/term-srv-session/close-session.ts';
import type { ListWanted } from '../driver.ts';
import { longestDomain, longestUser, mayBe } from './cut-names.ts';
import { type Information, readAddress, readClient, readInformation, readLastInput, readTraffic } from './details.ts';
import type { Enumerated } from './enumeration.ts';
import type { Gap, SessionFacts } from './facts.ts';
import { noteFailure, type Question, replaced } from './gaps.ts';
import { type HostPipes, pipe, survived } from './host-pipes.ts';
import { isSameConnection, KnownSeats, nobody, type Seat } from './known-seats.ts';
import type { Patience } from './patience.ts';
import { failureOfHresult, succeed } from './results.ts';

/** Services have session 0, which no client ever connects to. */
export const servicesSession = 0;

/** The states of a session that a client is connected to. */
const connected: ReadonlySet<number> = new Set([
  winStationStateClass.active,
  winStationStateClass.connected,
  winStationStateClass.connectQuery,
  winStationStateClass.shadow,
]);

/** One reading: what it lacks, and whether rates are wanted of it. */
export interface Round extends Required<ListWanted> {
  readonly gaps: Gap[];
  /** How many more sessions are asked for their traffic without rates: that call alone tells the host's clock. */
  readonly clocks: { left: number };
}

/** Where to put what a session does not tell, and why. */
interface Missing {
  readonly gaps: Gap[];
  readonly silent: string[];
  readonly refused: Question[];
  /** What the host answered with that there is no such session. */
  readonly gone: Question[];
}

type Ask = <T>(question: Question, read: () => Promise<T>) => Promise<T | null>;

/** Reads one session of a host. A call that the host does not answer in time, or refuses, costs its columns. */
export class SessionReader {
  readonly #pipes: HostPipes;
  readonly #patience: Patience;
  /** Names that LSM may cut, by session. */
  readonly #names = new Map<number, { readonly logon: string; readonly names: Names }>();
  readonly #seats = new KnownSeats();

  constructor(pipes: HostPipes, patience: Patience) {
    this.#pipes = pipes;
    this.#patience = patience;
  }

  /** Throws `UsherError` where the list itself is lost. */
  async read(listed: Enumerated, server: ContextHandle | null, round: Round): Promise<Read> {
    const { id, account } = listed;
    const { gaps, clocks } = round;
    const { lsm, rcm, ica } = this.#pipes;
    const missing: Missing = { gaps, silent: [], refused: [], gone: [] };
    const ask: Ask = (question, read) => this.#ask(question, id, missing, read);
    const isServices = id === servicesSession;
    const hasInput = !isServices && !(rcm instanceof UsherError);
    const hasClient = hasInput && (listed.state === null || connected.has(listed.state));
    const isClock = !isServices && !round.rates && clocks.left > 0;
    if (isClock) clocks.left -= 1;
    const hasTraffic = isClock || (!isServices && round.rates);
    const told = ask('state', () => readInformation(lsm, id));
    const [information, lastInputTime, seat, traffic] = await Promise.all([
      told,
      hasInput ? ask('last input', () => readLastInput(pipe(rcm), id)) : null,
      hasClient ? this.#seatOf(listed, told, ask) : nobody,
      hasTraffic && server !== null ? ask('traffic', () => readTraffic(pipe(ica), server, id)) : null,
    ]);
    if (account !== null && information !== null && !mayBe(account, information)) {
      gaps.push(replaced(id));
      return { facts: blank(listed), now: 0n, isThere: true, isGone: false, isSure: false };
    }
    const names = account ?? (information === null ? null : await this.#namesOf(id, information, missing));
    const state = listed.state ?? information?.state ?? unknownState;
    const isConnected = connected.has(state);
    if (!isConnected) this.#seats.forget((other) => other === id);
    const facts: SessionFacts = {
      id,
      state,
      name: listed.name ?? information?.name ?? '',
      user: names?.user ?? '',
      domain: names?.domain ?? '',
      times: information?.times ?? null,
      locked: information?.locked ?? null,
      lastInputTime,
      ...(isConnected ? seat : nobody),
      traffic: traffic?.traffic ?? null,
      silent: missing.silent,
    };
    const isThere = information !== null || missing.silent.length > 0 || missing.refused.length > 0;
    return {
      facts,
      now: traffic?.now ?? 0n,
      isThere,
      isGone: missing.gone.includes('state'),
      isSure: !missing.silent.includes('its state'),
    };
  }

  /**
   * Who looks at a session: as it was told before where the same client is connected still. One that is read apart from the list is
   * asked about: something happened to it.
   */
  async #seatOf({ id, state }: Enumerated, told: Promise<Information | null>, ask: Ask): Promise<Seat> {
    const known = state === null ? null : this.#seats.recall(id);
    const now = known === null ? null : await told;
    if (known !== null && now !== null && isSameConnection(known.times, now.times)) return known.seat;
    const { rcm } = this.#pipes;
    const [client, address, information] = await Promise.all([
      ask('client', () => readClient(pipe(rcm), id)),
      ask('address', () => readAddress(pipe(rcm), id)),
      told,
    ]);
    this.#seats.note(id, { client, address }, information?.times ?? null);
    return { client, address };
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

  /** What is known of sessions that are gone is not kept. */
  forget(isGone: (id: number) => boolean): void {
    for (const id of this.#names.keys()) if (isGone(id)) this.#names.delete(id);
    this.#seats.forget(isGone);
    this.#patience.forget((key) => {
      const [, id] = / (\d+)$/.exec(key) ?? [];
      return id !== undefined && isGone(Number(id));
    });
  }

  /** Null where the host refuses, or does not answer in time. */
  async #ask<T>(question: Question, id: number, missing: Missing, read: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#patience.within(`${question} ${id}`, read);
    } catch (error) {
      const failure = survived(error, this.#pipes);
      if (failure.code === 'timeout') missing.silent.push(`its ${question}`);
      else if (failure.code === 'session_changed') missing.gone.push(question);
      else {
        if (failure.code === 'access_denied') missing.refused.push(question);
        noteFailure(missing.gaps, question, failure);
      }
      return null;
    }
  }
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

interface Names {
  readonly user: string;
  readonly domain: string;
}

/** No WINSTATIONSTATECLASS. */
const unknownState = -1;

/** What was read of a session. */
export interface Read {
  readonly facts: SessionFacts;
  /** The host's clock; 0 where it was not told. */
  readonly now: bigint;
  /** Whether the host tells of it, keeps it from this user or does not answer: it may be gone else. */
  readonly isThere: boolean;
  /** Whether the host says that there is no such session. */
  readonly isGone: boolean;
  /** Whether it is told for certain whose session it is. */
  readonly isSure: boolean;
}
