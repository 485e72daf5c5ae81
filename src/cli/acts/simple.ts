import { Command } from 'commander';
import type { Because, EndingPlan, Step } from '../../ending/ladder/plan.ts';
import { actEffects } from '../../sessions/act-effects.ts';
import type { Act } from '../../sessions/allowed-actions.ts';
import { parseDuration, type Seconds, seconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import { type CliCommand, withExamples } from '../command.ts';
import { climb, runAct } from './act.ts';
import { becauseChosen, type TargetFlags, withTargetOptions } from './targets.ts';

export interface PatienceFlags {
  readonly patience?: string;
  readonly settle?: string;
}

const usualPatience = '10s';
const usualSettle = '1m';

/** How long a step, and a host that was lost in it, is waited for. */
export function withPatienceOptions(command: Command): Command {
  return command
    .option('--patience <duration>', `how long each step may take until it is seen done (default: ${usualPatience})`)
    .option(
      '--settle <duration>',
      `how long a host that was lost in the middle of a step is looked for, to say what came of it (default: ${usualSettle})`,
    );
}

/** Throws {@link UsherError} `usage`. */
export function patienceOf({ patience = usualPatience, settle = usualSettle }: PatienceFlags): {
  readonly patience: Seconds;
  readonly settle: Seconds;
} {
  const time = parseDuration(patience);
  if (time <= 0) throw new UsherError({ code: 'usage', message: '--patience must be longer than 0s' });
  return { patience: time, settle: parseDuration(settle) };
}

/** A plan of one step, with no warning before it. */
export const planOf = (step: Step, patience: Seconds, because: Because = 'asked'): EndingPlan => ({
  steps: [step],
  because,
  warn: null,
  extension: null,
  patience,
});

export const noWarning = { title: 'Usher', text: '' } as const;

interface SimpleAct {
  readonly act: Act & Step;
  readonly summary: string;
  readonly verb: string;
  readonly examples: readonly (readonly [string, string])[];
}

/** A command that takes one step on each session, and reads again what came of it. */
export function simpleAct({ act, summary, verb, examples }: SimpleAct): CliCommand<TargetFlags & PatienceFlags> {
  return {
    describe(name) {
      const command = new Command(name).summary(summary).description(actEffects[act].inShort);
      return withExamples(withPatienceOptions(withTargetOptions(command)), examples);
    },
    async run(run, flags) {
      const { patience, settle } = patienceOf(flags);
      return runAct(run, run.words, flags, {
        act,
        verb,
        plan: () => `${verb}, then read again`,
        perform: (found, progress) =>
          climb(run, found, progress, {
            act,
            plan: planOf(act, patience, becauseChosen(found, flags)),
            warning: noWarning,
            settle,
          }),
      });
    },
  };
}

/** Seconds for a plan; null for none. */
export const orNone = (time: Seconds): Seconds | null => (time <= 0 ? null : seconds(time));
