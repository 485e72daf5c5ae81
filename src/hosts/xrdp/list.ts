import { seconds } from '../../sessions/duration.ts';
import { keyOf, type XrdpAnchor, type XrdpIdentity } from '../../sessions/identity.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionState } from '../../sessions/state.ts';
import type { HostReading } from '../driver.ts';
import type { ListAnswer, SessionFacts } from './answer.ts';
import { notesOn, type ProbeRights } from './notes.ts';
import { troublesOf } from './troubles.ts';

/** What a probe's answer means: sessions in Usher's words. */
export function readingOf(host: string, answer: ListAnswer, rights: ProbeRights): HostReading {
  const sessions = answer.sessions.map((facts) => sessionOf(host, answer, facts));
  return {
    host,
    readAt: instant(answer.now),
    bootedAt: null,
    complete: answer.everyProcessSeen && answer.unread.length === 0 && answer.crowded.length === 0,
    sessions,
    notes: notesOn(answer, sessions, rights),
  };
}

/** A moment in seconds since 1970-01-01Z, to the millisecond. */
export function instant(moment: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(moment * 1000));
}

function sessionOf(host: string, answer: ListAnswer, facts: SessionFacts): Session {
  const identity = identityOf(host, answer.bootId, facts);
  const account = splitAccount(facts.user ?? String(facts.uid));
  const lastInput = lastInputOf(facts, answer.now);
  const connected = facts.connected === true;
  return {
    host,
    id: facts.display,
    name: `:${facts.display}`,
    kind: 'user',
    user: account.user,
    domain: account.domain,
    state: stateOf(facts),
    idleFor: lastInput === null ? null : seconds(Math.max(0, Math.round(answer.now - lastInput))),
    loggedOnAt: facts.xServer === null ? null : instant(facts.startedAt),
    connectedAt: facts.joinedAt === null ? null : instant(facts.joinedAt),
    disconnectedAt: connected || facts.leftAt === null ? null : instant(facts.leftAt),
    lastInputAt: lastInput === null ? null : instant(lastInput),
    client: {
      name: facts.clientName || null,
      address: facts.clientAddress,
      display: connected ? screenOf(facts) : null,
    },
    protocol: 'rdp',
    locked: null,
    memoryBytes: facts.memoryBytes,
    cpuPercent: rounded(facts.cpuPercent, 1),
    bytesInPerSecond: rounded(facts.bytesInPerSecond, 0),
    bytesOutPerSecond: rounded(facts.bytesOutPerSecond, 0),
    roundTripMs: facts.rttMicroseconds === null ? null : rounded(facts.rttMicroseconds / 1000, 1),
    processCount: facts.processCount,
    troubles: troublesOf(facts, answer.now),
    identity,
    key: keyOf(identity),
  };
}

function identityOf(host: string, bootId: string, facts: SessionFacts): XrdpIdentity {
  const anchors: [XrdpAnchor, SessionFacts['xServer']][] = [
    ['x-server', facts.xServer],
    ['leader', facts.leader],
    ['leftover', facts.oldest],
  ];
  const [anchor, process] = anchors.find(([, candidate]) => candidate !== null) ?? ['leftover', null];
  const { pid, start: startTicks } = process ?? { pid: 0, start: 0 };
  return { kind: 'xrdp', host, bootId, anchor, pid, startTicks, uid: facts.uid };
}

function stateOf(facts: SessionFacts): SessionState | null {
  if (facts.xServer === null) return 'down';
  if (facts.connected === null) return null;
  return facts.connected ? 'active' : 'disconnected';
}

/**
 * The last input, in seconds since 1970-01-01Z. The X server's idle counter runs on while nobody is connected and a
 * reconnect does not reset it, so joining counts as input; nothing is older than the session.
 */
function lastInputOf(facts: SessionFacts, now: number): number | null {
  if (facts.idleMs === null) return null;
  return Math.min(now, Math.max(now - facts.idleMs / 1000, facts.joinedAt ?? 0, facts.startedAt));
}

function screenOf({ width, height, depth }: SessionFacts): string | null {
  return width === null || height === null || depth === null ? null : `${width}x${height}x${depth}`;
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

/** `CORP\bob` (winbind) and `bob@corp.example` (sssd) are names with a domain. */
export function splitAccount(account: string): { readonly user: string; readonly domain: string | null } {
  const [, domain, user] = /^([^\\]+)\\(.+)$/.exec(account) ?? [];
  if (user !== undefined && domain !== undefined) return { user, domain };
  const [, name, realm] = /^([^@]+)@([^@]+)$/.exec(account) ?? [];
  return name !== undefined && realm !== undefined ? { user: name, domain: realm } : { user: account, domain: null };
}
