import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

/** What can be done to a session. */
export const acts = [
  'message',
  'disconnect',
  'connect',
  'unfreeze',
  'logoff',
  'reset',
  'kill-process',
  'kill-logon',
  'kill-all',
  'end',
] as const;
export type Act = (typeof acts)[number];

interface ActRule {
  readonly states: readonly SessionState[];
  /** Why the act makes no sense in any other state. */
  readonly otherwise: string;
}

const withPeople: readonly SessionState[] = ['active', 'connected', 'connect-query', 'shadow', 'idle'];
const loggedOn: readonly SessionState[] = ['active', 'shadow', 'idle', 'disconnected'];
const anySession: readonly SessionState[] = [...withPeople, 'disconnected', 'reset', 'down', 'init'];

/** Act → the states in which it makes sense. Every surface reads this one table. */
export const allowedActions: Readonly<Record<Act, ActRule>> = {
  message: { states: loggedOn, otherwise: 'nobody is logged on to read it' },
  disconnect: { states: withPeople, otherwise: 'no client is connected' },
  connect: { states: [...withPeople, 'disconnected'], otherwise: 'there is no desktop to connect to' },
  unfreeze: { states: ['active', 'shadow', 'idle'], otherwise: 'no client is connected whose screen could be frozen' },
  logoff: { states: loggedOn, otherwise: 'nobody is logged on' },
  reset: { states: anySession, otherwise: 'a listener has no session to reset' },
  'kill-process': { states: anySession, otherwise: 'a listener has no processes of its own' },
  'kill-logon': { states: anySession, otherwise: 'a listener has no logon process' },
  'kill-all': { states: anySession, otherwise: 'a listener has no processes of its own' },
  end: { states: anySession, otherwise: 'a listener cannot be ended' },
};

/** Why the act makes no sense now, or null where it does. In an unknown state every act may be tried: the host compares. */
export function whyNotAllowed(act: Act, session: Pick<Session, 'state' | 'kind' | 'identity'>): string | null {
  const { states, otherwise } = allowedActions[act];
  if (session.kind === 'services') return 'these are the services of the host, and nobody’s session';
  if (session.kind === 'listener') return 'a listener waits for clients, and is nobody’s session';
  if (act === 'connect' && session.identity.kind === 'xrdp') {
    return 'a desktop of an xrdp host goes to whoever logs on as its user';
  }
  if (session.kind === 'console' && act === 'end') {
    return 'nobody is logged on to the console, which always has a session';
  }
  return session.state === null || states.includes(session.state)
    ? null
    : `the session is ${session.state}: ${otherwise}`;
}

/** What a decision was made on: a reconnect keeps the identity, so an act checks these again too. */
export interface ActReason {
  /** Null: it was not known, and is not compared. */
  readonly state: SessionState | null;
  readonly lastInputAt: Temporal.Instant | null;
}

/** Why an act decided for `reason` no longer holds for the session as it is now, or null where it does. */
export function whyReasonGone(reason: ActReason, now: Pick<Session, 'state' | 'lastInputAt'>): string | null {
  if (reason.state !== null && now.state !== reason.state)
    return `it was ${reason.state}, it is ${now.state ?? 'unknown'} now`;
  if (reason.lastInputAt === null || now.lastInputAt === null) return null;
  const later = Temporal.Instant.compare(now.lastInputAt, reason.lastInputAt.add({ seconds: 1 })) > 0;
  return later ? `its user came back at ${now.lastInputAt.toString({ smallestUnit: 'second' })}` : null;
}
