import type { Milliseconds } from '../../sessions/duration.ts';
import type { SessionState } from '../../sessions/state.ts';
import type { Actor } from './actor.ts';
import type { SimulatedHost } from './host.ts';
import type { ActFate } from './ledger.ts';
import type { SimulatedProcess } from './process.ts';
import type { SimulatedSession } from './session.ts';

/** What is done to hosts and sessions. `collapse` is the end of a session whose logon process was killed. */
export type ActName =
  | 'logon'
  | 'reconnect'
  | 'disconnect'
  | 'logoff'
  | 'reset'
  | 'terminate'
  | 'collapse'
  | 'connect'
  | 'message'
  | 'lock'
  | 'unlock'
  | 'shadow'
  | 'set-listener'
  | 'shutdown';

/** Why a host says no. */
export type Refusal =
  | 'access-denied'
  | 'no-such-session'
  | 'wrong-state'
  | 'no-such-process'
  | 'protected-process'
  | 'going-down'
  | 'logons-disabled'
  | 'no-room'
  | 'not-supported';

/** Something that somebody is about to do. */
export interface Attempt {
  readonly act: ActName;
  readonly session: SimulatedSession | null;
  readonly process: SimulatedProcess | null;
  readonly by: Actor;
  /** What the ledger says beside it, such as a process or a target. */
  readonly detail: string | null;
}

/** What stands in the way of an act. */
export type Verdict =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** It is taken on as if it would be done. */
  | { readonly kind: 'without-effect' }
  /** It is taken on and done so much later; until then the session has another state, or keeps its own. */
  | { readonly kind: 'late'; readonly by: Milliseconds; readonly meanwhile: SessionState | null };

/** What whoever acts is told. */
export type ActOutcome =
  | { readonly kind: 'done' | 'taken-on' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export const done: ActOutcome = { kind: 'done' };
export const refused = (refusal: Refusal): ActOutcome => ({ kind: 'refused', refusal });

/**
 * Does something, unless a behaviour of the session or of the host stands in the way: the first that has something to say is heard.
 * What is done late is left undone where the session is gone by then. The ledger has the attempt, whatever came of it.
 */
export function perform(host: SimulatedHost, attempt: Attempt, work: () => void): ActOutcome {
  const verdict = verdictOn(host, attempt);
  if (verdict === null) {
    note(host, attempt, { kind: 'done' });
    work();
    return done;
  }
  switch (verdict.kind) {
    case 'refused':
      return refuse(host, attempt, verdict.refusal);
    case 'without-effect':
      note(host, attempt, { kind: 'without-effect' });
      return { kind: 'taken-on' };
    case 'late':
      note(host, attempt, { kind: 'taken-on' });
      if (attempt.session !== null && verdict.meanwhile !== null) attempt.session.state = verdict.meanwhile;
      host.after(verdict.by, () => {
        const { session } = attempt;
        if (session === null || host.sessions.get(session.id) === session) work();
      });
      return { kind: 'taken-on' };
  }
}

/** Says no, and the ledger has it. */
export function refuse(host: SimulatedHost, attempt: Attempt, refusal: Refusal): ActOutcome {
  note(host, attempt, { kind: 'refused', why: refusal });
  return refused(refusal);
}

function verdictOn(host: SimulatedHost, attempt: Attempt): Verdict | null {
  for (const behaviour of host.behavioursOf(attempt.session)) {
    const verdict = behaviour.stands?.(attempt, host) ?? null;
    if (verdict !== null) return verdict;
  }
  return null;
}

function note(host: SimulatedHost, { act, session, by, detail }: Attempt, fate: ActFate): void {
  host.note(by, session, { kind: 'act', act, fate, detail });
}
