import { seconds } from '../../sessions/duration.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { HostNote, ProcessReading } from '../driver.ts';
import type { ProcessesAnswer } from './answer.ts';
import { instant } from './list.ts';
import type { ProbeRights } from './notes.ts';

/** The process states of proc(5), `/proc/PID/stat` field 3. */
const states: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'uninterruptible',
  Z: 'zombie',
  T: 'stopped',
  t: 'traced',
  X: 'dead',
  I: 'idle',
};

/** What a probe's answer about one session's processes means. */
export function processReadingOf(answer: ProcessesAnswer, rights: ProbeRights): ProcessReading {
  const processes = answer.processes.map(processOf);
  return {
    readAt: instant(answer.now),
    complete: answer.everyProcessSeen,
    processes,
    notes: notesOf(processes, rights),
  };
}

/** One process in Usher's words. */
export function processOf(facts: ProcessesAnswer['processes'][number]): SessionProcess {
  return {
    pid: facts.pid,
    parentPid: facts.parent === 0 ? null : facts.parent,
    name: facts.name,
    command: facts.command,
    user: facts.user ?? String(facts.uid),
    startedAt: instant(facts.startedAt),
    start: String(facts.start),
    state: states[facts.state] ?? facts.state,
    cpuTime: seconds(facts.cpuSeconds),
    cpuPercent: facts.cpuPercent === null ? null : Number(facts.cpuPercent.toFixed(1)),
    memoryBytes: facts.memoryBytes,
    role: facts.role,
  };
}

function notesOf(processes: readonly SessionProcess[], rights: ProbeRights): readonly HostNote[] {
  if (rights.uid === 0 || processes.every(({ memoryBytes }) => memoryBytes !== null)) return [];
  return [
    {
      code: 'not-root',
      message: `${rights.user} is not root: memory is not known, and processes that left the session's tree are not seen`,
      columns: ['memoryBytes'],
      hint: 'log on as root, or give the account sudo without a password for perl',
    },
  ];
}
