import { sessionStates } from '../../sessions/state.ts';
import type { WinStationRight } from '../security/winstation-access.ts';
import type { SessionTimes } from '../behaviours/behaviour.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { SimulatedListener } from '../world/listener.ts';
import { hasRight, rightsWith, rightsWithListener } from '../world/rights.ts';
import type { SimulatedSession } from '../world/session.ts';
import { Refused } from './refusal.ts';
import type { Caller } from './served-call.ts';

/** The session with this id; null where there is none. */
export function sessionAbout({ host }: Caller, { sessionId }: { readonly sessionId: number }): SimulatedSession | null {
  return host.sessions.get(sessionId) ?? null;
}

/** Throws {@link Refused}. */
export function existing({ host }: Caller, sessionId: number): SimulatedSession {
  const session = host.sessions.get(sessionId);
  if (session === undefined) throw new Refused('no-such-session');
  return session;
}

/** A session that the caller may look at. Throws {@link Refused}. */
export function queried(caller: Caller, sessionId: number): SimulatedSession {
  const session = existing(caller, sessionId);
  mustHave(caller, session, 'query');
  return session;
}

/** Throws {@link Refused} where the caller lacks one of the rights. */
export function mustHave(
  { host, account }: Caller,
  session: SimulatedSession,
  ...rights: readonly WinStationRight[]
): void {
  const granted = rightsWith(host, account, session);
  if (!rights.every((right) => hasRight(granted, right))) throw new Refused('access-denied');
}

/** What an enumeration tells of: sessions, and listeners as sessions in the state `listen`. */
export interface Enumerable {
  readonly id: number;
  readonly name: string;
  readonly state: number;
  /** Null for a listener. */
  readonly session: SimulatedSession | null;
}

/** All that the caller may query, by id: what he may not is left out ([MS-TSTS] 3.3.4.3). */
export function enumerated({ host, account }: Caller): readonly Enumerable[] {
  const sessions = host
    .allSessions()
    .filter((session) => hasRight(rightsWith(host, account, session), 'query'))
    .toSorted((one, other) => one.id - other.id);
  const listeners = host.listeners.filter(
    ({ name, isListening }) => isListening && hasRight(rightsWithListener(host, account, name), 'query'),
  );
  return [...sessions.map(enumerable), ...listeners.map(listening)];
}

const enumerable = (session: SimulatedSession): Enumerable => ({
  id: session.id,
  name: session.stationName,
  state: stateCode(session),
  session,
});

const listening = ({ id, name }: SimulatedListener): Enumerable => ({
  id,
  name,
  state: sessionStates.indexOf('listen'),
  session: null,
});

/** WINSTATIONSTATECLASS ([MS-TSTS] 2.2.1.9): the states have its order. */
export const stateCode = ({ state }: Pick<SimulatedSession, 'state'>): number => sessionStates.indexOf(state);

/** A name as long as WCHAR[count] lets it be, with its terminator. */
export const cutTo = (name: string, count: number): string => name.slice(0, count - 1);

/** When a session began and so on, as the host tells it. */
export function timesOf(host: SimulatedHost, session: SimulatedSession): SessionTimes {
  return host
    .behavioursOf(session)
    .reduce<SessionTimes>((told, behaviour) => behaviour.times?.(told, session, host) ?? told, session);
}

export const userOf = ({ account }: SimulatedSession): string => account?.name ?? '';
export const domainOf = ({ account }: SimulatedSession): string => account?.domain ?? '';
