import type { Session, Trouble } from './session.ts';

/** What one reading of a host told about its sessions. */
export interface SessionsRead {
  /** Whether every session of the host is in `sessions`. Only then does a missing one prove its end, */
  readonly complete: boolean;
  /** or where the host said of its id that it ended. */
  readonly gone?: ReadonlySet<number>;
  readonly sessions: readonly Session[];
}

/** One difference between two readings. `session` is the newer view, but for `ended`, where it is the last one. */
export type SessionChange =
  | { readonly kind: 'appeared' | 'ended' | 'locked' | 'unlocked'; readonly session: Session }
  | { readonly kind: 'state-changed' | 'reconnected'; readonly session: Session; readonly before: Session }
  | { readonly kind: 'trouble-began' | 'trouble-ended'; readonly session: Session; readonly trouble: Trouble };

/** The differences in the order: ended, then the newer reading's sessions in its own order. */
export function changesBetween(older: SessionsRead, newer: SessionsRead): readonly SessionChange[] {
  const before = new Map(older.sessions.map((session) => [session.key, session]));
  const now = new Set(newer.sessions.map((session) => session.key));
  const ended = older.sessions.filter((session) => !now.has(session.key) && isOver(session, newer));
  return [
    ...ended.map((session): SessionChange => ({ kind: 'ended', session })),
    ...newer.sessions.flatMap((session) => changesOf(before.get(session.key), session)),
  ];
}

const isOver = ({ id }: Session, { complete, gone }: SessionsRead): boolean => complete || gone?.has(id) === true;

/** Sessions of a host that are known though no reading mentions them: of more the oldest are forgotten. */
const mostUnmentioned = 10_000;

/**
 * What is known after the newer reading: its sessions, and where it was incomplete also those that it did not
 * mention, so that they do not appear anew in the next one.
 */
export function knownAfter(older: SessionsRead, newer: SessionsRead): SessionsRead {
  if (newer.complete) return newer;
  const now = new Set(newer.sessions.map((session) => session.key));
  const unmentioned = older.sessions.filter((session) => !now.has(session.key) && !isOver(session, newer));
  return { complete: false, sessions: [...newer.sessions, ...unmentioned.slice(0, mostUnmentioned)] };
}

function changesOf(before: Session | undefined, session: Session): readonly SessionChange[] {
  if (before === undefined) {
    return [{ kind: 'appeared', session }, ...troubleChanges([], session.troubles, session)];
  }
  const changes: SessionChange[] = [];
  if (isReconnected(before, session)) changes.push({ kind: 'reconnected', session, before });
  else if (before.state !== session.state) changes.push({ kind: 'state-changed', session, before });
  if (before.locked !== null && session.locked !== null && before.locked !== session.locked) {
    changes.push({ kind: session.locked ? 'locked' : 'unlocked', session });
  }
  return [...changes, ...troubleChanges(before.troubles, session.troubles, session)];
}

function isReconnected(before: Session, session: Session): boolean {
  if (session.state !== 'active') return false;
  if (before.state === 'disconnected') return true;
  const differs = <T>(one: T | null, other: T | null, same: (one: T, other: T) => boolean = Object.is): boolean =>
    one !== null && other !== null && !same(one, other);
  return (
    before.state === 'active' &&
    (differs(before.connectedAt, session.connectedAt, (one, other) => one.equals(other)) ||
      differs(before.client.address, session.client.address) ||
      differs(before.client.name, session.client.name))
  );
}

function troubleChanges(
  before: readonly Trouble[],
  now: readonly Trouble[],
  session: Session,
): readonly SessionChange[] {
  const lacks = (list: readonly Trouble[]) => (trouble: Trouble) => !list.some(({ code }) => code === trouble.code);
  return [
    ...before.filter(lacks(now)).map((trouble): SessionChange => ({ kind: 'trouble-ended', session, trouble })),
    ...now.filter(lacks(before)).map((trouble): SessionChange => ({ kind: 'trouble-began', session, trouble })),
  ];
}
