import { type EndingRequest, type EndingRun, type EndingWatcher, runEnding } from '../../ending/run.ts';
import type { Clock } from '../../ending/clock.ts';
import type { EndingPlan } from '../../ending/ladder/plan.ts';
import type { Warning } from '../../ending/warning.ts';
import type { FoundSession, FoundSessions } from '../../fleet/find-sessions.ts';
import { type Act, whyNotAllowed } from '../../sessions/allowed-actions.ts';
import { milliseconds, type Seconds } from '../../sessions/duration.ts';
import { errorCodes, UsherError } from '../../sessions/errors.ts';
import { count } from '../measures.ts';
import { rememberShown } from '../memory.ts';
import { csvLine, printable } from '../printable.ts';
import { complain, fleetFor, printJson, remark, type Run, simulatedNotes } from '../run.ts';
import { errorRows } from '../session-json.ts';
import { confirm, isCounted } from './confirm.ts';
import { guardedByOf, type GuardedBy, type Guards, guardsOf, unguardedAmong } from './guard.ts';
import { outcomeCsv, outcomeFields, outcomeJson } from './outcome-rows.ts';
import { type ActOutcome, exitCodeOfOutcomes, isDone, nameOf, outcomeOf, stepName } from './outcomes.ts';
import { preview, printPreview, unread } from './preview.ts';
import { lineOf, type Progress, progressOn } from './progress.ts';
import { byHostAndId, findTargets, overCeiling, type TargetFlags, unexpected } from './targets.ts';

/** One act on the sessions that were chosen. */
export interface ActJob {
  readonly act: Act;
  /** As in "To log off these 3 sessions". */
  readonly verb: string;
  /** Does it to one session. Throws nothing that the session's host brings about. */
  readonly perform: (found: FoundSession, progress: Progress) => Promise<ActOutcome>;
  /** What would be done to it, as --dry-run and the preview say. */
  readonly plan: (found: FoundSession) => string;
  /** Why it is for one session alone; left out where it is not. */
  readonly onlyOne?: string;
}

/** Chooses, shows, asks, does and sums up. Answers with the exit code. */
export async function runAct(run: Run, words: readonly string[], flags: TargetFlags, job: ActJob): Promise<number> {
  const fleet = await fleetFor(run);
  await using targets = await findTargets(run, fleet, words, flags);
  return await actOn(run, targets, flags, job);
}

/** The same for sessions that were found already. */
export async function actOn(
  run: Run,
  { sessions: found, unsearched }: Pick<FoundSessions, 'sessions' | 'unsearched'>,
  flags: TargetFlags,
  job: ActJob,
): Promise<number> {
  const sessions = found.toSorted(byHostAndId);
  if (job.onlyOne !== undefined && sessions.length > 1) {
    throw new UsherError({ code: 'usage', message: `${sessions.length} sessions were chosen, and ${job.onlyOne}` });
  }
  for (const error of unsearched) if (run.globals.format !== 'json') complain(run, error);
  const guards = await guardsOf(run, sessions, flags);
  const outcomes = sessions.flatMap((one) => refusalOf(one, sessions, flags, { act: job.act, guards }));
  tellRefusals(run, outcomes);
  const refusedOnes = new Set(outcomes.map(({ session }) => session));
  const allowed = sessions.filter(({ session }) => !refusedOnes.has(session));
  const tooMany = overCeiling(allowed.length, flags);
  let isConfirmed = false;
  if (sessions.length === 0) {
    if (run.globals.format !== 'json') remark(run, 'no session passes the filter: nothing was done');
  } else if (run.globals.dryRun) {
    await showPlan(run, allowed, job, tooMany);
    await rememberShown(
      run,
      allowed.map(({ host }) => host.host),
      allowed.map(({ session }) => session),
    );
    const planned = (one: FoundSession): ActOutcome => ({
      ...blank(one, job.act),
      outcome: 'planned',
      why: job.plan(one),
    });
    outcomes.push(...allowed.map((one) => (tooMany === null ? planned(one) : notAllowed(one, job.act, tooManyChosen))));
  } else if (allowed.length > 0) {
    const asked = run.around.terminal !== null && !run.globals.yes;
    if (isCounted(allowed) && (asked || (run.globals.format === 'text' && !run.globals.quiet))) {
      await printPreview(run, tooMany === null ? await preview(run, allowed) : unread(allowed), 'stderr');
      if (asked && tooMany === null) run.around.stderr.write(`It will:${planLines(allowed, job)}\n`);
    }
    if (tooMany === null) {
      isConfirmed = await confirm(run, job.verb, { sessions: allowed, unsearched }, unguardedAmong(allowed, guards));
      outcomes.push(...(await performAll(run, allowed, job)));
    } else {
      outcomes.push(...allowed.map((one) => notAllowed(one, job.act, tooManyChosen)));
    }
  }
  if (tooMany !== null && run.globals.format !== 'json') complain(run, tooMany);
  const guardedBy = (outcome: ActOutcome): GuardedBy => guardedByOf(guards, outcome, isConfirmed);
  report(run, outcomes, guardedBy, {
    sessions,
    unsearched: tooMany === null ? unsearched : [...unsearched, tooMany],
  });
  if (tooMany !== null) return errorCodes[tooMany.code];
  const code = exitCodeOfOutcomes(outcomes);
  return code === 0 && unsearched.length > 0 ? 1 : code;
}

async function performAll(run: Run, sessions: readonly FoundSession[], job: ActJob): Promise<readonly ActOutcome[]> {
  using progress = progressOn(run, sessions.length);
  const { signal } = run.around;
  const calledOff = { outcome: 'cancelled', why: 'nothing was done' } as const;
  const perform = async (found: FoundSession): Promise<ActOutcome> => {
    const outcome = signal.aborted ? { ...blank(found, job.act), ...calledOff } : await job.perform(found, progress);
    progress.over(outcome);
    return outcome;
  };
  return await Promise.all(sessions.map(perform));
}

/** An outcome with nothing in it yet. */
export const blank = ({ session, namedBy }: FoundSession, act: Act) =>
  ({ session, act, namedBy, hint: null, provedAt: null, steps: [], answer: null }) as const;

function refusalOf(
  found: FoundSession,
  all: readonly FoundSession[],
  flags: TargetFlags,
  { act, guards }: Pick<ActJob, 'act'> & { readonly guards: Guards },
): readonly ActOutcome[] {
  const other = unexpected(found, all, flags) ?? guards.get(found.session)?.changed ?? null;
  if (other !== null) return [{ ...blank(found, act), ...other }];
  const why = whyNotAllowed(act, found.session);
  return why === null ? [] : [notAllowed(found, act, why)];
}

const tooManyChosen = 'too many sessions were chosen';

const notAllowed = (found: FoundSession, act: Act, why: string): ActOutcome => ({
  ...blank(found, act),
  outcome: 'not_allowed',
  why,
});

function tellRefusals({ around, globals }: Run, refusals: readonly ActOutcome[]): void {
  if (globals.format !== 'text') return;
  for (const refusal of refusals) around.stderr.write(`${printable(lineOf(refusal))}\n`);
}

/** Shows whom it means and what would be done; of too many whom alone, without asking what runs in each. */
async function showPlan(
  run: Run,
  sessions: readonly FoundSession[],
  { plan }: ActJob,
  tooMany: UsherError | null,
): Promise<void> {
  if (run.globals.format !== 'text' || sessions.length === 0) return;
  await printPreview(run, tooMany === null ? await preview(run, sessions) : unread(sessions), 'stdout');
  if (tooMany !== null) return;
  run.around.stdout.write(`Nothing was done. It would:${planLines(sessions, { plan })}\n`);
}

/** What is done, told once where it is the same for all. */
function planLines(sessions: readonly FoundSession[], { plan }: Pick<ActJob, 'plan'>): string {
  const plans = Map.groupBy(sessions, plan);
  const lines = [...plans].map(([what, those]) =>
    plans.size === 1
      ? ` ${printable(what)}.`
      : `\n  ${printable(`${those.map(({ session }) => nameOf(session)).join(', ')}: ${what}`)}`,
  );
  return lines.join('');
}

/** Prints what came of it: all of it where it is JSON or CSV, else the sum of several. */
export function report(
  run: Run,
  outcomes: readonly ActOutcome[],
  guardedBy: (outcome: ActOutcome) => GuardedBy,
  { sessions, unsearched }: Pick<FoundSessions, 'sessions' | 'unsearched'>,
): void {
  if (run.globals.format === 'json') {
    const acts = outcomes.map((outcome) => outcomeJson(outcome, guardedBy(outcome)));
    const hosts = new Set(sessions.map(({ host }) => host.host));
    printJson(run, { acts, errors: errorRows(unsearched), notes: simulatedNotes([...hosts]) });
    return;
  }
  if (run.globals.format === 'csv') {
    const lines = outcomes.map((outcome) => outcomeCsv(outcome, guardedBy(outcome)));
    run.around.stdout.write(csvLine(outcomeFields) + lines.join(''));
    return;
  }
  if (outcomes.length < 2 || run.globals.dryRun) return;
  const done = outcomes.filter(isDone).length;
  const rest = outcomes.length - done;
  remark(run, `${count(outcomes.length, 'session')}: ${done} done${rest === 0 ? '' : `, ${rest} not`}`);
}

/** Runs the ladder on one session; an outcome that is unknown is looked at again until it is settled or time is over. */
export async function climb(
  run: Run,
  found: FoundSession,
  progress: Progress,
  { act, plan, warning, settle }: { act: Act; plan: EndingPlan; warning: Warning; settle: Seconds },
): Promise<ActOutcome> {
  const { around } = run;
  const clock: Clock = { now: () => around.now(), after: (delay, work) => around.timers.after(delay, work) };
  const request: EndingRequest = { session: found.session, readAt: found.reading.readAt, plan, warning };
  const watcher: EndingWatcher = progress.watcherOf(found.session);
  let ending = await runEnding(request, found.host, clock, watcher, around.signal);
  const until = around.now().add({ milliseconds: settle * 1000 });
  while (isUnknown(ending) && !around.signal.aborted && Temporal.Instant.compare(around.now(), until) < 0) {
    const { phase } = ending.ladder;
    if (phase.kind === 'over' && phase.outcome.kind === 'unknown') {
      progress.say(found.session, `unknown: ${stepName(phase.outcome.step)}: ${phase.outcome.why}; looking again`);
    }
    await pause(run, 2000);
    ending = await ending.settle(around.signal);
  }
  return outcomeOf(found, act, ending, around.timeZone);
}

const isUnknown = ({ ladder: { phase } }: EndingRun): boolean =>
  phase.kind === 'over' && phase.outcome.kind === 'unknown';

/** Waits, unless the user wants to leave. */
export async function pause({ around }: Run, delay: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  using _timer = around.timers.after(milliseconds(delay), over.resolve);
  const leave = (): void => over.resolve();
  around.signal.addEventListener('abort', leave, { once: true });
  if (!around.signal.aborted) await over.promise;
  around.signal.removeEventListener('abort', leave);
}
