import { Command } from 'commander';
import { actEffects } from '../sessions/act-effects.ts';
import { UsherError } from '../sessions/errors.ts';
import { type CliCommand, withExamples } from './command.ts';
import { climb, runAct } from './acts/act.ts';
import { killProcess } from './acts/kill-process.ts';
import { noWarning, type PatienceFlags, patienceOf, planOf, withPatienceOptions } from './acts/simple.ts';
import { becauseChosen, type TargetFlags, withTargetOptions } from './acts/targets.ts';

interface Flags extends TargetFlags, PatienceFlags {
  readonly pid?: string;
  readonly logonProcess?: boolean;
  readonly all?: boolean;
}

function describe(name: string): Command {
  const command = new Command(name)
    .summary('kill one process, the logon process, or all of a session')
    .description(
      [
        `--pid: ${actEffects['kill-process'].inShort}`,
        `--logon-process: ${actEffects['kill-logon'].inShort}`,
        `--all: ${actEffects['kill-all'].inShort}`,
      ].join('\n'),
    );
  withPatienceOptions(withTargetOptions(command, '--all-hosts'))
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
        plan: () => `kill process ${pid}, then read again`,
        onlyOne: 'a pid is of one session',
        perform: (found, progress) => killProcess(run, found, progress, { pid, start: null, patience, settle }),
      });
    }
    const act = flags.all === true ? 'kill-all' : 'kill-logon';
    const verb = act === 'kill-all' ? 'kill all processes of' : 'kill the logon process of';
    return runAct(run, run.words, flags, {
      act,
      verb,
      plan: () => `${verb} the session, then read again`,
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

function pidOf(text: string): number {
  const pid = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (pid > 0) return pid;
  throw new UsherError({
    code: 'usage',
    message: '--pid takes a process id',
    hint: 'list them: usher processes SESSION',
  });
}
