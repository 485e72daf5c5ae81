import { formatDuration, seconds } from '../../sessions/duration.ts';
import type { Trouble } from '../../sessions/session.ts';
import { sessionStates } from '../../sessions/state.ts';
import type { ProcessFacts, SessionFacts } from './facts.ts';
import { isMoment, secondsBetween } from './filetime.ts';
import { isUserProcess } from './processes.ts';

/** How long a session without a user may be disconnected until it counts as one that does not end, in seconds. */
const longestEnd = 60;
/** How long after the logon a session may be without a process of its user, in seconds. */
const longestStart = 60;

/** Why this session looks hung. */
export function troublesOf(
  session: SessionFacts,
  own: readonly ProcessFacts[] | null,
  now: bigint,
): readonly Trouble[] {
  if (session.id === 0) return [];
  return [...stateTroubles(session, now), ...silence(session), ...emptiness(session, own, now)];
}

function stateTroubles({ state, user, times }: SessionFacts, now: bigint): readonly Trouble[] {
  const name = sessionStates[state];
  if (name === 'down') return [{ code: 'down', reason: 'its state is down: it failed to start, or does not end' }];
  if (name !== 'disconnected' || user !== '') return [];
  const since = times?.disconnected ?? 0n;
  if (!isMoment(since, now) || secondsBetween(since, now) < longestEnd) return [];
  const time = formatDuration(seconds(secondsBetween(since, now)));
  return [{ code: 'ending', reason: `nobody is logged on, and it has not ended for ${time}` }];
}

function silence({ silent }: SessionFacts): readonly Trouble[] {
  if (silent.length === 0) return [];
  return [{ code: 'no-answer', reason: `the host does not answer for ${[...new Set(silent)].join(', ')}` }];
}

function emptiness(
  { user, times }: SessionFacts,
  own: readonly ProcessFacts[] | null,
  now: bigint,
): readonly Trouble[] {
  if (own === null || user === '' || own.some(isUserProcess)) return [];
  const since = times?.loggedOn ?? 0n;
  if (isMoment(since, now) && secondsBetween(since, now) < longestStart) return [];
  return [{ code: 'no-user-process', reason: 'no process of its user is left' }];
}
