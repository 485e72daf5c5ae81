import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { until } from './until.ts';

/** A process that the lab started, told apart from a later one with the same pid by when it started. */
export interface StartedProcess {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly start: string;
}

export function startedProcess(pid: number): StartedProcess {
  return { pid, start: startOf(pid) ?? '' };
}

/** Notes a process in the lab's directory, so that down.sh ends it where this program cannot any more. */
export function remember(labDirectory: string, { pid, start }: StartedProcess): void {
  writeFileSync(`${labDirectory}/processes/${pid}`, `${start}\n`);
}

export function isRunning({ pid, start }: StartedProcess): boolean {
  return startOf(pid) === start;
}

/** Ends the process with SIGKILL and waits until it is gone. */
export async function end(started: StartedProcess): Promise<void> {
  if (!isRunning(started)) return;
  process.kill(started.pid, 'SIGKILL');
  await until(() => !isRunning(started), { what: `the end of process ${started.pid}`, everyMs: 10 });
}

function startOf(pid: number): string | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const [state, ...rest] = statOf(path)
    .replace(/^.*\) /s, '')
    .split(' ');
  return state === 'Z' ? undefined : rest[18];
}

function statOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
