import { runCommand } from './command.ts';
import type { CommandOptions, CommandResult } from './command.ts';

/** Runs a program as root inside a host or a PC, given the pid that its first process has outside. */
export function runInside(
  initPid: number,
  program: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const clean = ['env', '-i', 'LC_ALL=C.UTF-8', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
  const enter = ['--target', `${initPid}`, '--mount', '--net', '--pid', '--uts', '--ipc'];
  return runCommand('nsenter', [...enter, ...clean, ...program], options);
}
