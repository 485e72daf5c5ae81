import { notificationId } from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { type Actor, theHost } from './actor.ts';
import type { SimulatedHost } from './host.ts';
import type { SimulatedListener } from './listener.ts';
import { noTraffic, type SimulatedClient, type SimulatedProtocol, type SimulatedSession } from './session.ts';
import { startWindowsPrograms } from './start-processes.ts';
import { logonScreen } from './windows-programs.ts';

export const servicesSession = 0;
const consoleName = 'Console';

/** A client is at the logon screen of a new session. */
export function openSession(
  host: SimulatedHost,
  listener: SimulatedListener,
  client: SimulatedClient,
  by: Actor,
): SimulatedSession {
  const session = freshSession(host, {
    id: host.numbering.sessionId((id) => host.sessions.has(id)),
    listener: listener.name,
    protocol: listener.protocol,
    stationName: stationName(host, listener),
    client,
  });
  startWindowsPrograms(host, session.id, logonScreen, { start: host.now(), userSid: null });
  host.note(by, session, { kind: 'created' });
  host.notifications.tell(session.id, notificationId.create, notificationId.connect);
  return session;
}

/** The console always has a session: its next one, at the logon screen. */
export function openConsole(host: SimulatedHost, at: bigint, id?: number): SimulatedSession {
  const session = freshSession(host, {
    id: id ?? host.numbering.sessionId((taken) => host.sessions.has(taken)),
    listener: null,
    protocol: 'console',
    stationName: consoleName,
    client: null,
  });
  session.connectedAt = at;
  startWindowsPrograms(host, session.id, logonScreen, { start: at, userSid: null });
  host.note(theHost, session, { kind: 'created' });
  host.notifications.tell(session.id, notificationId.create, notificationId.consoleConnect);
  return session;
}

/** Session 0, which no client ever connects to. */
export function openServices(host: SimulatedHost): SimulatedSession {
  const session = freshSession(host, {
    id: servicesSession,
    listener: null,
    protocol: 'console',
    stationName: 'Services',
    client: null,
  });
  session.state = 'disconnected';
  session.connectedAt = 0n;
  return session;
}

export const isConsole = ({ stationName: name }: SimulatedSession): boolean => name === consoleName;

export function stationName(host: SimulatedHost, { name }: SimulatedListener): string {
  return `${name}#${host.numbering.station()}`;
}

interface FreshFacts {
  readonly id: number;
  readonly listener: string | null;
  readonly protocol: SimulatedProtocol;
  readonly stationName: string;
  readonly client: SimulatedClient | null;
}

export function freshSession(host: SimulatedHost, facts: FreshFacts): SimulatedSession {
  const now = host.now();
  const session: SimulatedSession = {
    ...facts,
    serial: host.numbering.serial(),
    kind: facts.id === servicesSession ? 'services' : 'desktop',
    state: 'connected',
    account: null,
    connectedAt: now,
    disconnectedAt: 0n,
    loggedOnAt: 0n,
    lastInputAt: 0n,
    locked: null,
    traffic: noTraffic(now),
    boxes: new Set(),
    behaviours: [],
    ending: null,
  };
  host.sessions.set(session.id, session);
  return session;
}
