import type { HostNote, HostReading } from '../driver.ts';
import { keyOf, type SessionIdentity } from '../../sessions/identity.ts';
import { seconds } from '../../sessions/duration.ts';
import type { Session, SessionClient, SessionKind, SessionProtocol } from '../../sessions/session.ts';
import { sessionStates } from '../../sessions/state.ts';
import type { ClientFacts, HostFacts, ListenerFacts, ProcessFacts, SessionFacts } from './facts.ts';
import { instantOf, isMoment, momentOf, secondsBetween } from './filetime.ts';
import { sessionsHidden } from './gaps.ts';
import { type Baseline, type Rates, ratesOf } from './rates.ts';
import { winlogonOf } from './processes.ts';
import { troublesOf } from './troubles.ts';

const servicesSession = 0;

/** What the facts of one reading mean. `before` is what was kept of the reading before it, from which rates are told. */
export function readingOf(host: string, facts: HostFacts, before: Baseline | null): HostReading {
  const owned = facts.processes === null ? null : Map.groupBy(facts.processes, ({ sessionId }) => sessionId);
  const sessions = facts.sessions.map((session) => {
    const own = owned === null ? null : (owned.get(session.id) ?? []);
    return sessionOf(host, session, { facts, before, own });
  });
  const listeners = facts.listeners
    .filter(({ id }) => !facts.sessions.some((session) => session.id === id))
    .map((listener) => listenerOf(host, listener, String(facts.boot)));
  return {
    host,
    readAt: instantOf(facts.now),
    bootedAt: momentOf(facts.boot, facts.now),
    complete: facts.complete,
    gone: facts.gone,
    sessions: [...sessions, ...listeners],
    notes: [...facts.gaps, ...hiddenIn(facts)].map(noteOf),
  };
}

/** What an account may not query is left out of lists, and nothing else says so: services have a session wherever Windows runs. */
const hiddenIn = ({ sessions }: HostFacts): HostFacts['gaps'] =>
  sessions.some(({ id }) => id === servicesSession) ? [] : [sessionsHidden];

const noteOf = ({ code, error, columns }: HostFacts['gaps'][number]): HostNote => ({
  code,
  message: error.message,
  columns,
  hint: error.hint,
});

interface Surroundings {
  readonly facts: HostFacts;
  readonly before: Baseline | null;
  /** The session's processes; null where the host does not tell. */
  readonly own: readonly ProcessFacts[] | null;
}

function sessionOf(host: string, session: SessionFacts, { facts, before, own }: Surroundings): Session {
  const { now } = facts;
  const identity = identityOf(host, session, own, facts);
  const state = sessionStates[session.state] ?? null;
  const rates = ratesOf(session.id, facts, before);
  const { times } = session;
  const input = lastInputOf(session, now);
  return {
    host,
    id: session.id,
    name: session.name,
    kind: kindOf(session),
    user: session.user === '' ? null : session.user,
    domain: session.domain === '' ? null : session.domain,
    state,
    idleFor: input === null ? null : seconds(idleOf(input, session, now)),
    loggedOnAt: momentOf(times?.loggedOn ?? null, now),
    connectedAt: momentOf(times?.connected ?? null, now),
    disconnectedAt: state === 'disconnected' ? momentOf(times?.disconnected ?? null, now) : null,
    lastInputAt: momentOf(input, now),
    client: clientOf(session),
    protocol: protocolOf(session.client, session.name),
    locked: session.locked,
    memoryBytes: own === null ? null : own.reduce((sum, { workingSetBytes }) => sum + workingSetBytes, 0),
    ...rateColumns(rates),
    roundTripMs: null,
    processCount: own?.length ?? null,
    troubles: troublesOf(session, own, now),
    identity,
    key: keyOf(identity),
  };
}

export interface Inputs {
  readonly lastInputTime: bigint | null;
  readonly times: { readonly lastInput: bigint } | null;
}

const rateColumns = ({ cpuPercent, bytesInPerSecond, bytesOutPerSecond }: Rates) => ({
  cpuPercent,
  bytesInPerSecond,
  bytesOutPerSecond,
});

function kindOf({ id, state, name, user, client }: SessionFacts): SessionKind {
  if (id === servicesSession) return 'services';
  if (sessionStates[state] === 'listen') return 'listener';
  const isConsole = client === null ? /^console$/i.test(name) : client.protocolType === 0;
  return isConsole && user === '' ? 'console' : 'user';
}

const protocols: Readonly<Record<number, SessionProtocol>> = { 0: 'console', 1: 'ica', 2: 'rdp' };

/** What the client tells; where there is none, what the station's name tells of the listener that made it. */
function protocolOf(client: ClientFacts | null, name: string): SessionProtocol | null {
  if (client !== null) return protocols[client.protocolType] ?? null;
  if (/^console$/i.test(name)) return 'console';
  if (/^rdp-/i.test(name)) return 'rdp';
  return /^ica-/i.test(name) ? 'ica' : null;
}

/** The input that the protocol tells of, else the one that LSM does. */
export function lastInputOf({ lastInputTime, times }: Inputs, now: bigint): bigint | null {
  const told = [lastInputTime, times?.lastInput ?? null];
  return told.find((time) => time !== null && isMoment(time, now)) ?? null;
}

/** Never longer than the session is there: some hosts tell an input of long before. */
function idleOf(input: bigint, { times }: SessionFacts, now: bigint): number {
  const starts = [times?.loggedOn ?? 0n, times?.connected ?? 0n].filter((time) => isMoment(time, now));
  const began = starts.reduce((first, time) => (first === 0n || time < first ? time : first), 0n);
  return secondsBetween(input < began ? began : input, now);
}

function clientOf({ client, address }: SessionFacts): SessionClient {
  const isRemote = client !== null && client.protocolType !== 0;
  return {
    name: isRemote && client.name !== '' ? client.name : null,
    address,
    display: isRemote ? displayOf(client) : null,
  };
}

/** Codes of ColorDepth, in bits per pixel ([MS-TSTS] 2.2.2.19). */
const depths: Readonly<Record<number, number>> = { 1: 4, 2: 8, 4: 16, 8: 24, 16: 15 };

function displayOf({ width, height, colorDepth }: ClientFacts): string | null {
  if (width === 0 || height === 0) return null;
  const depth = depths[colorDepth] ?? colorDepth;
  return `${width}x${height}${depth === 0 ? '' : `x${depth}`}`;
}

/** Logon time and account where somebody is logged on; else winlogon.exe, by its pid and start. */
function identityOf(
  host: string,
  { id, user, domain, times }: SessionFacts,
  own: readonly ProcessFacts[] | null,
  facts: HostFacts,
): SessionIdentity {
  const boot = String(facts.boot);
  const logonTime = times?.loggedOn ?? 0n;
  if (user !== '' && isMoment(logonTime, facts.now)) {
    const account = `${domain}\\${user}`;
    return { kind: 'windows-logon', host, boot, sessionId: id, logonTime: String(logonTime), account };
  }
  const winlogon = own === null ? null : winlogonOf(own);
  return {
    kind: 'windows-winlogon',
    host,
    boot,
    sessionId: id,
    pid: winlogon?.pid ?? 0,
    startTime: String(winlogon?.createTime ?? 0n),
  };
}

function listenerOf(host: string, { id, name, listening }: ListenerFacts, boot: string): Session {
  const identity: SessionIdentity = { kind: 'windows-winlogon', host, boot, sessionId: id, pid: 0, startTime: '0' };
  return {
    host,
    id,
    name,
    kind: 'listener',
    user: null,
    domain: null,
    state: listening ? 'listen' : 'down',
    idleFor: null,
    loggedOnAt: null,
    connectedAt: null,
    disconnectedAt: null,
    lastInputAt: null,
    client: { name: null, address: null, display: null },
    protocol: protocolOf(null, name),
    locked: null,
    memoryBytes: null,
    cpuPercent: null,
    bytesInPerSecond: null,
    bytesOutPerSecond: null,
    roundTripMs: null,
    processCount: null,
    troubles: [],
    identity,
    key: keyOf(identity),
  };
}
