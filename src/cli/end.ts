import { Command } from 'commander';
import { whyNotWarned } from '../ending/ladder/advance.ts';
import { stepsOfEnding } from '../ending/ladder/plan.ts';
import type { Because, EndingPlan } from '../ending/ladder/plan.ts';
import type { FoundSession } from '../fleet/find-sessions.ts';
import { actEffects } from '../sessions/act-effects.ts';
import { formatDuration, parseDuration, type Seconds, seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { type CliCommand, withExamples } from './command.ts';
import type { Run } from './run.ts';
import { climb, runAct } from './acts/act.ts';
import { type ActOutcome, stepName } from './acts/outcomes.ts';
import type { Progress } from './acts/progress.ts';
import { orNone, type PatienceFlags, patienceOf, withPatienceOptions } from './acts/simple.ts';
import { becauseChosen, type TargetFlags, withTargetOptions } from './acts/targets.ts';

interface Flags extends TargetFlags, PatienceFlags {
  readonly warn?: string;
  readonly extend?: string;
  readonly times?: string;
  readonly force?: boolean;
  readonly unlessBack?: boolean;
  readonly reason?: string;
}

const usualWarning = '5m';
/** What the user may ask for is as long as the warning, and not longer than this. */
const longestUsualExtension = '5m';
const longestReason = 500;

function describe(name: string): Command {
  const command = new Command(name)
    .summary('warn, log off and prove it; with --force climb on')
    .description(actEffects.end.inShort);
  withPatienceOptions(withTargetOptions(command))
    .option('--warn <duration>', `how long before the user is warned; 0s: not at all (default: ${usualWarning})`)
    .option(
      '--extend <duration>',
      `how much time the user may ask for; 0s: none (default: as long as the warning, at most ${longestUsualExtension})`,
    )
    .option('--times <number>', 'how often the user may ask for it (default: 1)')
    .option('--reason <text>', 'why, told to the user')
    .option('--unless-back', 'call it off when the user comes back: gives input, or connects again')
    .option('--force', 'where log-off is not enough, reset, then kill the logon process, then all that is left');
  return withExamples(command, [
    ['usher end alice@ts01', 'a warning of five minutes, then log-off'],
    ['usher end alice@ts01 --warn 10m --reason "updates at noon"', 'with more time, and why'],
    ['usher end bob@ts01 --warn 0s --force', 'a hung session, as far as it takes'],
    ['usher end --idle-over 2h -s @rds --unless-back --yes', 'whoever left, unless he comes back'],
  ]);
}

export const end: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const { patience, settle } = patienceOf(flags);
    const warn = parseDuration(flags.warn ?? usualWarning);
    const by = flags.extend === undefined ? usualExtensionOf(warn) : parseDuration(flags.extend);
    const times = timesOf(flags.times);
    const steps = stepsOfEnding(flags.force ?? false);
    const planFor = (found: FoundSession): EndingPlan => ({
      steps,
      because: flags.unlessBack === true ? becauseOf(found.session) : becauseChosen(found, flags),
      warn: orNone(warn),
      extension: by <= 0 || times === 0 ? null : { by, times },
      patience,
    });
    const reason = reasonOf(flags.reason);
    return runAct(run, run.words, flags, {
      act: 'end',
      verb: flags.force === true ? 'end, with force,' : 'end',
      plan: (found) => describePlan(found.session, { plan: planFor(found), reason }),
      perform: (found, progress) => endSession(run, found, progress, { plan: planFor(found), reason, settle }),
    });
  },
};

export interface Ending {
  readonly plan: EndingPlan;
  /** Told to the user. */
  readonly reason: string | null;
  readonly settle: Seconds;
}

/** An ending as it is where no option says more. */
export function usualEnding(force: boolean): Ending {
  const { patience, settle } = patienceOf({});
  const warn = parseDuration(usualWarning);
  const extension = { by: usualExtensionOf(warn), times: 1 };
  return { plan: { steps: stepsOfEnding(force), because: 'asked', warn, extension, patience }, reason: null, settle };
}

const usualExtensionOf = (warn: Seconds): Seconds => seconds(Math.min(warn, parseDuration(longestUsualExtension)));

/** Climbs the ladder with one session. */
export function endSession(
  run: Run,
  found: FoundSession,
  progress: Progress,
  { plan, reason, settle }: Ending,
): Promise<ActOutcome> {
  const warning = { title: 'Your session will be ended', text: textOf(reason, found.session) };
  return climb(run, found, progress, { act: 'end', plan, warning, settle });
}

/** Who is active comes back with input, who is disconnected by connecting. */
const becauseOf = ({ state }: Session): Because => (state === 'disconnected' ? 'disconnected' : 'idle');

const callsOff: Readonly<Record<Because, string>> = {
  asked: '',
  idle: '; called off when its user gives input before that',
  disconnected: '; called off when its user connects again before that',
};

/** What an ending would do to a session, in one sentence. */
export function describePlan(session: Session, { plan, reason }: Pick<Ending, 'plan' | 'reason'>): string {
  const [first, ...force] = plan.steps.map(stepName);
  const climb = force.length > 0 ? `; while it is still there: ${force.join(', then ')}` : '';
  const warning = describeWarning(session, plan, reason);
  return `${warning}${first}${callsOff[plan.because]}${climb}; each step verified by reading again`;
}

function describeWarning(session: Session, { warn, extension }: EndingPlan, reason: string | null): string {
  if (warn === null) return '';
  const whyNot = whyNotWarned(session);
  if (whyNot !== null) return `not warn, since ${whyNot}: `;
  const why = reason === null ? '' : ` ("${reason}")`;
  return `warn its user for ${formatDuration(warn)}${why}${extension === null ? '' : `, who may ask for ${moreOf(extension)}`}, then `;
}

const moreOf = ({ by, times }: NonNullable<EndingPlan['extension']>): string =>
  `${formatDuration(by)} more${times === 1 ? '' : ` up to ${times} times`}`;

function textOf(reason: string | null, { host }: Session): string {
  const why = reason === null ? '' : `\n\n${reason}`;
  return `Your administrator is going to end your session on ${host}.${why}\n\nPlease save your work.`;
}

function reasonOf(text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return null;
  if (text.length <= longestReason) return text;
  throw new UsherError({ code: 'usage', message: `--reason takes at most ${longestReason} characters` });
}

function timesOf(text: string | undefined): number {
  if (text === undefined) return 1;
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new UsherError({ code: 'usage', message: '--times takes a number from 0 to 99' });
}
