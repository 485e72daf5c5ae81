import { Command } from 'commander';
import type { FoundSession } from '../fleet/find-sessions.ts';
import { actEffects } from '../sessions/act-effects.ts';
import { seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { SessionProcess } from '../sessions/process.ts';
import { type CliCommand, withExamples } from './command.ts';
import { blank, climb, pause, runAct } from './acts/act.ts';
import type { ActOutcome } from './acts/outcomes.ts';
import { noWarning, type PatienceFlags, patienceOf, planOf, withPatienceOptions } from './acts/simple.ts';
import { type TargetFlags, withTargetOptions } from './acts/targets.ts';
import { formatTime } from './measures.ts';
import type { Run } from './run.ts';

interface Flags extends TargetFlags, PatienceFlags {
  readonly pid?: string;
  readonly logonProcess?: boolean;
  readonly all?: boolean;
}

function describe(name: string): Command {
  const command = new Command(name)
    .summary('kill one process, the logon process, or all of a session')
    .description(
      `--pid: ${actEffects['kill-process'].inShort} --logon-process: ${actEffects['kill-logon'].inShort} --all: ${actEffects['kill-all'].inShort}`,
    );
  withPatienceOptions(withTargetOptions(command))
    .option('--pid <number>', 'the process of this pid, if it is of the session')
    .option('--logon-process', "the session's logon process; on xrdp its X server")
    .option('--all', 'every process of the session');
  return withExamples(command, [
    ['usher kill alice@ts01 --pid 4711', 'one hung program; the session goes on'],
    ['usher kill ts01:10 --expect-user alice --all', 'everything, when nothing else helped'],
  ]);
}

export const kill: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const chosen = [flags.pid, flags.logonProcess, flags.all].filter((one) => one !== undefined);
    if (chosen.length !== 1) {
      throw new UsherError({ code: 'usage', message: 'kill takes one of --pid, --logon-process and --all' });
    }
    const { patience, settle } = patienceOf(flags);
    if (flags.pid !== undefined) {
      const pid = pidOf(flags.pid);
      return runAct(run, run.words, flags, {
        act: 'kill-process',
        verb: `kill process ${pid} of`,
        plan: `kill process ${pid}, then read again`,
        perform: (found) => killProcess(run, found, pid, patience),
      });
    }
    const act = flags.all === true ? 'kill-all' : 'kill-logon';
    const verb = act === 'kill-all' ? 'kill all processes of' : 'kill the logon process of';
    return runAct(run, run.words, flags, {
      act,
      verb,
      plan: `${verb} the session, then read again`,
      perform: (found, progress) =>
        climb(run, found, progress, { act, plan: planOf(act, patience), warning: noWarning, settle }),
    });
  },
};

function pidOf(text: string): number {
  const pid = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (pid > 0) return pid;
  throw new UsherError({
    code: 'usage',
    message: '--pid takes a process id',
    hint: 'list them: usher processes SESSION',
  });
}

async function killProcess(run: Run, found: FoundSession, pid: number, patience: number): Promise<ActOutcome> {
  const base = blank(found, 'kill-process');
  try {
    const process = await processOf(run, found, pid);
    if (process === null) return { ...base, outcome: 'not_allowed', why: `process ${pid} is not of this session` };
    const name = `${process.name} ${pid}`;
    const { identity, id } = found.session;
    const began = run.around.now();
    const { did } = await found.host.use(
      (connection, signal) =>
        connection.act(
          { identity, id, reason: null, traces: [] },
          { act: 'kill-process', pid, start: process.start },
          signal,
        ),
      run.around.signal,
    );
    const steps = [{ step: 'kill-process', began, ended: run.around.now(), result: did.join(', ') }];
    for (let waited = 0; ; waited += 300) {
      const left = await processOf(run, found, pid);
      const provedAt = run.around.now();
      if (left?.start !== process.start) {
        const why = `${name} is gone, re-read ${formatTime(provedAt, run.around.timeZone)}`;
        return { ...base, steps, outcome: 'killed', why, provedAt };
      }
      if (waited >= seconds(patience) * 1000)
        return { ...base, steps, outcome: 'failed', why: `${name} is still there` };
      await pause(run, 300);
    }
  } catch (error) {
    return { ...base, ...failureOf(error) };
  }
}

/** The process of the session with this pid, as read now; null where it has none. */
async function processOf(run: Run, { host, session }: FoundSession, pid: number): Promise<SessionProcess | null> {
  const { processes, complete } = await host.use(
    (connection, signal) => connection.processes(session.identity, signal),
    run.around.signal,
  );
  const found = processes.find((process) => process.pid === pid) ?? null;
  if (found !== null || complete) return found;
  throw new UsherError({ code: 'access_denied', message: 'the host does not show every process' });
}

const outcomeWords: Readonly<Record<string, string>> = {
  session_changed: 'session_changed',
  not_allowed: 'not_allowed',
  access_denied: 'refused',
};

/** What a failure on the way means for the act. */
export function failureOf(error: unknown): Pick<ActOutcome, 'outcome' | 'why'> {
  if (!(error instanceof UsherError)) throw error;
  return { outcome: outcomeWords[error.code] ?? 'unknown', why: error.message };
}
