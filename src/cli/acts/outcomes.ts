import type { HostTime } from '../../ending/host-time.ts';
import type { CalledOffWarning, EndingRun } from '../../ending/run.ts';
import type { Outcome, StepRecord } from '../../ending/ladder/ladder.ts';
import type { FoundSession } from '../../fleet/find-sessions.ts';
import { accountOf } from '../../sessions/account.ts';
import type { Act } from '../../sessions/allowed-actions.ts';
import { UsherError } from '../../sessions/errors.ts';
import { looksLikeHostUrl } from '../../sessions/host.ts';
import type { Session } from '../../sessions/session.ts';
import { formatTime } from '../measures.ts';

/** What came of one act on one session. */
export interface ActOutcome {
  readonly session: Session;
  readonly act: Act;
  readonly namedBy: FoundSession['namedBy'];
  /**
   * `ended`, `disconnected`, `connected`, `reconnected`, `killed`, `answered`, `shown` are what was wanted; any other word says what came
   * instead: `came_back`, `cancelled`, `session_changed`, `not_allowed`, `unknown`, `failed`, `unanswered`, `unseen`, `not_shown`, `planned`.
   */
  readonly outcome: string;
  /** For people, in one sentence: why it failed, or what proves it. */
  readonly why: string;
  /** What can be done about it. */
  readonly hint: string | null;
  /** When the host was read that proves it. */
  readonly provedAt: Temporal.Instant | null;
  readonly steps: readonly OutcomeStep[];
  /** Which button was pressed. */
  readonly answer: string | null;
}

export interface OutcomeStep {
  readonly step: string;
  readonly began: Temporal.Instant;
  readonly ended: Temporal.Instant;
  readonly result: string;
}

const wanted: ReadonlySet<string> = new Set([
  'ended',
  'disconnected',
  'connected',
  'reconnected',
  'killed',
  'answered',
  'shown',
  'planned',
]);
const refused: ReadonlySet<string> = new Set(['session_changed', 'not_allowed', 'refused']);

export const isDone = ({ outcome }: ActOutcome): boolean => wanted.has(outcome);

const outcomeWords: Readonly<Record<string, string>> = {
  session_changed: 'session_changed',
  not_allowed: 'not_allowed',
  access_denied: 'refused',
  unsupported: 'refused',
};

/** What a failure on the way means for the act. */
export function failureOf(error: unknown): Pick<ActOutcome, 'outcome' | 'why' | 'hint'> {
  if (!(error instanceof UsherError)) throw error;
  return { outcome: outcomeWords[error.code] ?? 'unknown', why: error.message, hint: error.hint };
}

/** 0 all of it was done · 1 some of it, or it failed · 3 nothing is known · 4 all was refused · 130 cancelled. */
export function exitCodeOfOutcomes(outcomes: readonly ActOutcome[]): number {
  if (outcomes.every(isDone)) return 0;
  if (outcomes.some(({ outcome }) => outcome === 'cancelled')) return 130;
  if (outcomes.some(isDone)) return 1;
  if (outcomes.every(({ outcome }) => refused.has(outcome))) return 4;
  return outcomes.every(({ outcome }) => outcome === 'unknown') ? 3 : 1;
}

/** The outcome of a ladder that is over. */
export function outcomeOf(
  { session, namedBy }: FoundSession,
  act: Act,
  { ladder, time, calledOff }: EndingRun,
  timeZone: string,
): ActOutcome {
  const steps = ladder.records.map((record) => stepOf(record, time));
  const base = { session, act, namedBy, steps, answer: null, hint: null };
  if (ladder.phase.kind !== 'over') return { ...base, outcome: 'unknown', why: 'it was left', provedAt: null };
  const { outcome } = ladder.phase;
  switch (outcome.kind) {
    case 'ended': {
      const provedAt = time.ours(outcome.readAt);
      const disconnected = !outcome.gone;
      const why = `${disconnected ? 'no client' : 'gone'}, re-read ${formatTime(provedAt, timeZone)}`;
      return { ...base, outcome: disconnected ? 'disconnected' : 'ended', why, provedAt };
    }
    case 'failed':
      return {
        ...base,
        outcome: outcome.refused ? 'refused' : 'failed',
        why: `${stepName(outcome.step)}: ${outcome.why}`,
        hint: outcome.hint ?? hintOf(session, outcome),
        provedAt: null,
      };
    case 'unknown':
      return { ...base, outcome: 'unknown', why: `${stepName(outcome.step)}: ${outcome.why}`, provedAt: null };
    case 'cancelled':
      return { ...base, outcome: 'cancelled', why: `during ${outcome.during}${cameOf(calledOff)}`, provedAt: null };
    case 'session_changed':
      return { ...base, outcome: outcome.kind, why: outcome.why, hint: 'list the sessions again', provedAt: null };
    case 'came_back':
    case 'not_allowed':
      return { ...base, outcome: outcome.kind, why: outcome.why, provedAt: null };
  }
}

const warningWords: Readonly<Record<NonNullable<CalledOffWarning>, string>> = {
  'taken-back': 'the warning was taken back',
  stays: 'the warning stays on the screen until its time is over',
  unknown: 'whether the warning was taken back is not known',
};

const cameOf = (warning: CalledOffWarning): string => (warning === null ? '' : `; ${warningWords[warning]}`);

/** What goes further than an act that left the session there, as commands that can be pasted. */
function hintOf(session: Session, { further, stopped }: Pick<Failed, 'further' | 'stopped'>): string | null {
  const [first] = stopped;
  const which = sessionArgument(session);
  const hints = [
    ...(further ? [`\`usher end ${which} --force\` goes on until it is gone`] : []),
    ...(first === undefined ? [] : [`\`usher kill ${which} --pid ${first.pid}\` ends ${first.name} alone`]),
  ];
  return hints.length === 0 ? null : hints.join('; ');
}

type Failed = Extract<Outcome, { readonly kind: 'failed' }>;

const plainWord = /^[\w.-]+$/;

/** The session as the argument of a command: nothing that the host says is put into a shell. */
function sessionArgument({ host, id, user, key }: Session): string {
  if (user === null || !plainWord.test(user) || !plainWord.test(host)) return key;
  return `${host}:${id} --expect-user ${user}`;
}

const stepOf = ({ step, began, ended, result }: StepRecord, time: HostTime): OutcomeStep => ({
  step,
  began: time.ours(began),
  ended: time.ours(ended),
  result,
});

const stepNames: Readonly<Record<string, string>> = {
  warn: 'warning',
  disconnect: 'disconnect',
  logoff: 'log-off',
  reset: 'reset',
  'kill-logon': 'kill of the logon process',
  'kill-all': 'kill of all that is left',
};

/** A step as people call it. */
export const stepName = (step: string): string => stepNames[step] ?? step;

/**
 * `ts01:3 CORP\alice (RDP-Tcp#0)`: its first word is the session as a command takes it. A host that goes by its URL is named with -s,
 * so that its id stands apart: `ssh://root@xh1 10 alice`.
 */
export function nameOf(session: Session): string {
  const { host, id, name } = session;
  const where = looksLikeHostUrl(host) ? `${host} ${id}` : `${host}:${id}`;
  const saysMore = name !== '' && name !== `:${id}` && name !== String(id);
  return `${where} ${accountOf(session) ?? 'nobody'}${saysMore ? ` (${name})` : ''}`;
}
