import type { FoundSession } from '../../fleet/find-sessions.ts';
import type { ListedSession } from '../../fleet/memory/listed.ts';
import { accountOf } from '../../sessions/account.ts';
import { UsherError } from '../../sessions/errors.ts';
import { identityOf, type SessionIdentity } from '../../sessions/identity.ts';
import type { Session } from '../../sessions/session.ts';
import { formatInstant } from '../measures.ts';
import { recollectAll } from '../memory.ts';
import type { Run } from '../run.ts';
import type { ActOutcome } from './outcomes.ts';
import type { TargetFlags } from './targets.ts';

/**
 * What vouches that a session is the one that was meant: its key, its user or the filter that chose it, --expect-user, that a
 * listing showed this very session by its id or name, or a person who was asked. Null: nothing does.
 */
export type GuardedBy =
  | Exclude<FoundSession['namedBy'], 'id' | 'name' | 'pid'>
  | 'expect-user'
  | 'memory'
  | 'confirmed'
  | null;

export interface Guard {
  readonly guardedBy: GuardedBy;
  /** Why the session is left alone: it was another one when it was listed. */
  readonly changed: Pick<ActOutcome, 'outcome' | 'why' | 'hint'> | null;
}

export type Guards = ReadonlyMap<Session, Guard>;

/** What vouched for a session in the end. */
export const guardedByOf = (
  guards: Guards,
  { session }: { readonly session: Session },
  isConfirmed: boolean,
): GuardedBy => guards.get(session)?.guardedBy ?? (isConfirmed ? 'confirmed' : null);

export const unguardedAmong = (sessions: readonly FoundSession[], guards: Guards): readonly FoundSession[] =>
  sessions.filter((found) => guardedByOf(guards, found, false) === null);

/** What vouches for each session, for what needs them all. Throws `UsherError` where one is another one than was listed. */
export async function unchanged(run: Run, sessions: readonly FoundSession[], flags: TargetFlags): Promise<Guards> {
  const guards = await guardsOf(run, sessions, flags);
  for (const { session } of sessions) {
    const { changed = null } = guards.get(session) ?? {};
    if (changed === null) continue;
    const { why, hint } = changed;
    throw new UsherError({ code: 'session_changed', host: session.host, message: why, hint: hint ?? undefined });
  }
  return guards;
}

/** What vouches for each session that was chosen. */
export async function guardsOf(
  run: Run,
  sessions: readonly FoundSession[],
  { expectUser }: TargetFlags,
): Promise<Guards> {
  const byHand = expectUser === undefined ? sessions.filter(isNamedByHand) : [];
  const recollections = await recollectAll(run, byHand);
  const guardOf = (found: FoundSession): Guard => {
    if (expectUser !== undefined) return { guardedBy: 'expect-user', changed: null };
    const { namedBy } = found;
    if (namedBy !== 'id' && namedBy !== 'name' && namedBy !== 'pid') return { guardedBy: namedBy, changed: null };
    const recollection = recollections.get(found.session) ?? { kind: 'unknown' };
    // A pid was not listed with its session: that this one is the same does not make it the one that was meant.
    const isVouched = recollection.kind === 'other' || (recollection.kind === 'same' && namedBy !== 'pid');
    const changed = recollection.kind === 'other' ? changedSince(run, found, recollection.was) : null;
    return { guardedBy: isVouched ? 'memory' : null, changed };
  };
  return new Map(sessions.map((found) => [found.session, guardOf(found)]));
}

/** By what may mean someone else by now. */
const isNamedByHand = ({ namedBy }: FoundSession): boolean =>
  namedBy === 'id' || namedBy === 'name' || namedBy === 'pid';

function changedSince({ around }: Run, { session, namedBy }: FoundSession, was: ListedSession): Guard['changed'] {
  const what = namedBy === 'name' ? session.name : `id ${session.id}`;
  const at = formatInstant(was.listedAt, around.now(), around.timeZone);
  const [before, now] = [was.account ?? 'nobody', accountOf(session) ?? 'nobody'];
  const how = before === now ? `${now} in another session${restarted(session, was)}` : now;
  return {
    outcome: 'session_changed',
    why: `${what} was ${before} at ${at}, now ${how}: nothing was done`,
    hint: 'list the sessions again',
  };
}

const bootOf = (identity: SessionIdentity): string => (identity.kind === 'xrdp' ? identity.bootId : identity.boot);

function restarted({ identity }: Session, { key }: ListedSession): string {
  try {
    return bootOf(identityOf(key)) === bootOf(identity) ? '' : ', after a restart of the host';
  } catch (error) {
    if (error instanceof UsherError) return '';
    throw error;
  }
}
