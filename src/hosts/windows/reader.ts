import type { Milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { getAllListeners } from '../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { getUserName } from '../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { openSession } from '../../wire/ms-tsts/term-srv-session/open-session.ts';
import { closeSession } from '../../wire/ms-tsts/term-srv-session/close-session.ts';
import { openServer } from '../../wire/ms-tsts/ica-api/open-server.ts';
import { bootOf } from './boot.ts';
import { readAddress, readClient, readInformation, readLastInput, readTraffic } from './details.ts';
import { type Enumerated, type Enumeration, enumerate } from './enumeration.ts';
import type { Gap, HostFacts, ListenerFacts, SessionFacts } from './facts.ts';
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
const [active, shadow] = [0, 3];

/**
 * Reads a host: one round of calls for the list, one for the details of all its sessions. A call about one session that the host
 * does not answer in `patience` costs that session's column, and is not made again until it is answered.
 */
export class HostReader {
  readonly #pipes: HostPipes;
  readonly #clock: ReaderClock;
  readonly #patience: Milliseconds;
  readonly #hanging = new Set<string>();
  #enumeration: Enumeration = 'unknown';
  #server: ContextHandle | null = null;
  /** A connection outlives no boot of its host, so that a reading without processes has it from one before. */
  #boot = 0n;

  constructor(pipes: HostPipes, clock: ReaderClock, patience: Milliseconds) {
    this.#pipes = pipes;
    this.#clock = clock;
    this.#patience = patience;
  }

  /** Throws `UsherError` where the list itself cannot be had. */
  async read(): Promise<HostFacts> {
    const gaps: Gap[] = [];
    const [{ how, sessions: listed }, listeners, server] = await Promise.all([
      enumerate(this.#pipes.lsm, this.#enumeration),
      orGap(gaps, rdpOff, () => this.#readListeners()),
      orGap(gaps, icaClosed, () => this.#openServer()),
    ]);
    this.#enumeration = how;
    const [processes, ...sessions] = await Promise.all([
      server === null ? null : orGap(gaps, processesHidden, () => readProcesses(pipe(this.#pipes.ica), server)),
      ...listed.map((session) => this.#readSession(session, server)),
    ]);
    const known = new Set(listed.map(({ id }) => id));
    const others = [...new Set((processes ?? []).map(({ sessionId }) => sessionId))].filter((id) => !known.has(id));
    const found = await Promise.all(others.map((id) => this.#readLeftOut(id, server)));
    const all = [...sessions, ...found.flatMap((one) => one ?? [])];
    const now = all.map(({ now: told }) => told).findLast((told) => told !== null) ?? this.#clock.hostNow();
    this.#boot = bootOf(processes ?? []) || this.#boot;
    return {
      now,
      boot: this.#boot,
      sessions: all.map(({ facts }) => facts),
      listeners: listeners ?? [],
      processes,
      gaps,
    };
  }

  async #readListeners(): Promise<readonly ListenerFacts[]> {
    const { ppListeners, returnValue } = await pipe(this.#pipes.rcm).call(
      getAllListeners,
      { level: 1 },
      { operation: 'listing listeners' },
    );
    succeed(failureOfHresult(returnValue, 'listing listeners'));
    return (ppListeners ?? []).map(({ value: { id, name, bListening } }) => ({ id, name, listening: bListening }));
  }

  async #openServer(): Promise<ContextHandle> {
    if (this.#server !== null) return this.#server;
    const operation = 'opening the WinStation service';
    const answer = await pipe(this.#pipes.ica).call(openServer, {}, { operation });
    succeed(failureOfIcaApi(answer, operation));
    this.#server = answer.phServer;
    return answer.phServer;
  }

  async #readSession({ id, state, name, account }: Enumerated, server: ContextHandle | null): Promise<Read> {
    const { lsm, rcm, ica } = this.#pipes;
    const silent: string[] = [];
    const ask = <T>(what: string, read: () => Promise<T>): Promise<T | null> =>
      this.#inTime(`${what} ${id}`, what, silent, read);
    const isServices = id === servicesSession;
    const hasClient = !isServices && (state === active || state === shadow) && !(rcm instanceof UsherError);
    const hasInput = !isServices && !(rcm instanceof UsherError);
    const [information, lastInputTime, client, address, traffic] = await Promise.all([
      ask('its state', () => readInformation(lsm, id)),
      hasInput ? ask('its last input', () => readLastInput(pipe(rcm), id)) : null,
      hasClient ? ask('its client', () => readClient(pipe(rcm), id)) : null,
      hasClient ? ask('its address', () => readAddress(pipe(rcm), id)) : null,
      server === null || isServices ? null : ask('its traffic', () => readTraffic(pipe(ica), server, id)),
    ]);
    const told = account ?? (information === null ? null : await this.#wholeNames(id, information, silent));
    const facts: SessionFacts = {
      id,
      state,
      name,
      user: told?.user ?? '',
      domain: told?.domain ?? '',
      times: information?.times ?? null,
      locked: information?.locked ?? null,
      lastInputTime,
      client,
      address,
      traffic: traffic?.traffic ?? null,
      silent,
    };
    return { facts, now: traffic?.now ?? null };
  }

  /** LSM cuts names at the length of its fields: what may have been cut is asked for again, on a handle of the session. */
  async #wholeNames(id: number, { user, domain }: Names, silent: string[]): Promise<Names> {
    if (user.length < longestUser && domain.length < longestDomain) return { user, domain };
    const operation = `reading the user of session ${id}`;
    const { lsm } = this.#pipes;
    const read = async (): Promise<Names> => {
      const { phSession, returnValue } = await lsm.call(openSession, { sessionId: id }, { operation });
      succeed(failureOfHresult(returnValue, operation));
      const names = await lsm.call(getUserName, { hSession: phSession }, { operation });
      lsm.call(closeSession, { phSession }, { operation }).catch(() => undefined);
      succeed(failureOfHresult(names.returnValue, operation));
      return { user: names.pszUserName ?? user, domain: names.pszDomain ?? domain };
    };
    return (await this.#inTime(`its user ${id}`, 'its user', silent, read)) ?? { user, domain };
  }

  /** A session that runs processes and that the enumeration leaves out; null where the host knows of none. */
  async #readLeftOut(id: number, server: ContextHandle | null): Promise<Read | null> {
    const information = await this.#inTime(`its state ${id}`, 'its state', [], () =>
      readInformation(this.#pipes.lsm, id),
    );
    if (information === null) return null;
    return this.#readSession({ id, state: information.state, name: information.name, account: null }, server);
  }

  /** Null where the host refuses, or does not answer in time. */
  async #inTime<T>(key: string, what: string, silent: string[], read: () => Promise<T>): Promise<T | null> {
    if (this.#hanging.has(key)) {
      silent.push(what);
      return null;
    }
    const late = Promise.withResolvers<null>();
    using _timer = this.#clock.after(this.#patience, () => {
      this.#hanging.add(key);
      silent.push(what);
      late.resolve(null);
    });
    const answer = read().finally(() => this.#hanging.delete(key));
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, late.promise]);
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  }
}

interface Names {
  readonly user: string;
  readonly domain: string;
}

/** Characters of LSM_SESSIONINFO_EX's names, without the terminator. */
const [longestUser, longestDomain] = [20, 17];

interface Read {
  readonly facts: SessionFacts;
  /** The host's clock, where it was told. */
  readonly now: bigint | null;
}

const rdpOff = { code: 'rdp-off', columns: ['client', 'protocol', 'idleFor', 'lastInputAt'] } as const;
const icaClosed = {
  code: 'no-winstation-service',
  columns: ['bytesInPerSecond', 'bytesOutPerSecond', 'memoryBytes', 'cpuPercent'],
} as const;
const processesHidden = { code: 'processes-hidden', columns: ['memoryBytes', 'cpuPercent', 'processCount'] } as const;

/** What is missing costs columns; only a lost connection costs the list. */
async function orGap<T>(gaps: Gap[], cost: Pick<Gap, 'code' | 'columns'>, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    gaps.push({ ...cost, error });
    return null;
  }
}

const fatal: ReadonlySet<string> = new Set(['connection_lost', 'timeout', 'unreachable']);

const isRefusal = (error: unknown): error is UsherError => error instanceof UsherError && !fatal.has(error.code);

function pipe(one: RpcPipe | UsherError): RpcPipe {
  if (one instanceof UsherError) throw one;
  return one;
}

function succeed(failure: UsherError | null): void {
  if (failure !== null) throw failure;
}
