import type { Milliseconds } from '../../../sessions/duration.ts';
import { type ActOutcome, perform, refuse } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import type { SimulatedSession } from '../session.ts';
import { endSession } from './end-session.ts';

/** Programs are asked to close, then the session ends. Its caller does not wait for that. */
export function logOff(host: SimulatedHost, session: SimulatedSession, by: Actor): ActOutcome {
  return endBy(host, session, 'logoff', host.pace.logoff, by);
}

/** The session is taken down without asking anybody. */
export function reset(host: SimulatedHost, session: SimulatedSession, by: Actor): ActOutcome {
  return endBy(host, session, 'reset', host.pace.reset, by);
}

function endBy(
  host: SimulatedHost,
  session: SimulatedSession,
  act: 'logoff' | 'reset',
  takes: Milliseconds,
  by: Actor,
): ActOutcome {
  const attempt = { act, session, process: null, by, detail: null };
  if (session.kind === 'services') return refuse(host, attempt, 'access-denied');
  return perform(host, attempt, () => {
    const end = (): void => {
      endSession(host, session, act, by);
    };
    if (takes === 0) return end();
    session.ending = act;
    host.after(takes, end);
  });
}
