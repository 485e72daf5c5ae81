import { Command } from 'commander';
import type { FoundSession } from '../fleet/find-sessions.ts';
import { actEffects } from '../sessions/act-effects.ts';
import { formatDuration, parseDuration, type Seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { CliCommand } from './command.ts';
import { withExamples } from './command.ts';
import { climb, pause, runAct } from './acts/act.ts';
import type { ActOutcome } from './acts/outcomes.ts';
import type { Progress } from './acts/progress.ts';
import { noWarning, type PatienceFlags, patienceOf, planOf, withPatienceOptions } from './acts/simple.ts';
import { type TargetFlags, withTargetOptions } from './acts/targets.ts';
import { formatTime } from './measures.ts';
import type { Run } from './run.ts';

interface Flags extends TargetFlags, PatienceFlags {
  readonly wait?: string;
}

const usualWait = '2m';

function describe(name: string): Command {
  const command = new Command(name)
    .summary('disconnect, and wait until the user is back: for a frozen screen')
    .description(actEffects.unfreeze.inShort);
  withPatienceOptions(withTargetOptions(command)).option(
    '--wait <duration>',
    `how long the user is waited for (default: ${usualWait})`,
  );
  return withExamples(command, [['usher unfreeze alice@ts01', 'then ask her to connect again']]);
}

export const unfreeze: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const { patience, settle } = patienceOf(flags);
    const wait = parseDuration(flags.wait ?? usualWait);
    return runAct(run, run.words, flags, {
      act: 'unfreeze',
      verb: 'disconnect and await',
      plan: () => `disconnect, then wait up to ${formatDuration(wait)} until the user is back`,
      perform: (found, progress) => unfreezeSession(run, found, progress, { patience, settle, wait }),
    });
  },
};

export interface Return {
  readonly patience: Seconds;
  readonly settle: Seconds;
  /** How long the user is waited for. */
  readonly wait: Seconds;
}

/** What is waited for where no option says more. */
export const usualReturn = (): Return => ({ ...patienceOf({}), wait: parseDuration(usualWait) });

/** Disconnects one session, and waits until its user is back. */
export async function unfreezeSession(
  run: Run,
  found: FoundSession,
  progress: Progress,
  { patience, settle, wait }: Return,
): Promise<ActOutcome> {
  const plan = planOf('disconnect', patience);
  const outcome = await climb(run, found, progress, { act: 'unfreeze', plan, warning: noWarning, settle });
  return outcome.outcome === 'disconnected' ? awaitReturn(run, found, progress, wait, outcome) : outcome;
}

async function awaitReturn(
  run: Run,
  { host, session }: FoundSession,
  progress: Progress,
  wait: Seconds,
  disconnected: ActOutcome,
): Promise<ActOutcome> {
  const { around } = run;
  progress.say(session, `disconnected, ${disconnected.why}; waiting until the user is back`);
  const until = around.now().add({ milliseconds: wait * 1000 });
  const target = { identity: session.identity, id: session.id, reason: null, traces: [] };
  for (;;) {
    const state = await host
      .use((connection, signal) => connection.presence(target, signal), new AbortController().signal)
      .catch((error: unknown) => {
        if (error instanceof UsherError) return { kind: 'unknown', why: error.message } as const;
        throw error;
      });
    const provedAt = around.now();
    if (state.kind === 'there' && state.session.state === 'active') {
      const why = `the user is back, re-read ${formatTime(provedAt, around.timeZone)}`;
      return { ...disconnected, outcome: 'reconnected', why, provedAt };
    }
    if (state.kind === 'gone' || state.kind === 'remains') {
      return { ...disconnected, outcome: 'failed', why: 'the session ended while the user was waited for' };
    }
    const late = Temporal.Instant.compare(around.now(), until) >= 0;
    if (late && state.kind === 'unknown') {
      return { ...disconnected, outcome: 'unknown', why: `whether the user is back cannot be seen: ${state.why}` };
    }
    if (late || around.signal.aborted) {
      const why = `${late ? `the user did not come back within ${formatDuration(wait)}` : 'not waited for any longer'}; programs go on`;
      return { ...disconnected, outcome: late ? 'not_back' : 'cancelled', why };
    }
    await pause(run, 1000);
  }
}
