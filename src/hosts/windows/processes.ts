import { seconds } from '../../sessions/duration.ts';
import type { ProcessRole, SessionProcess } from '../../sessions/process.ts';
import type { ProcessReading } from '../driver.ts';
import type { HostFacts, ProcessFacts } from './facts.ts';
import { instantOf, momentOf } from './filetime.ts';
import { wellKnownAccount } from './sid.ts';

/** What Windows starts in every session: none of it is its user's. */
const machinery: ReadonlySet<string> = new Set(
  'csrss.exe winlogon.exe dwm.exe fontdrvhost.exe logonui.exe smss.exe wininit.exe lsass.exe services.exe wudfhost.exe rdpinput.exe'.split(
    ' ',
  ),
);

/**
 * What takes the host down with it. By name alone, whoever runs it: a program that only goes by such a name is left alive sooner than
 * the real one is killed.
 */
const critical: ReadonlySet<string> = new Set(['csrss.exe', 'smss.exe', 'wininit.exe', 'lsass.exe', 'services.exe']);

/** Whether a process must never be killed. */
export const isCritical = ({ name }: Pick<ProcessFacts, 'name'>): boolean => critical.has(name.toLowerCase());

/** The logon process among those of one session; null where there is none. What users run under its name is none, where that is seen. */
export function winlogonOf(own: readonly ProcessFacts[]): ProcessFacts | null {
  return (
    own.find(
      ({ name, sid }) => name.toLowerCase() === 'winlogon.exe' && (sid === null || wellKnownAccount(sid) !== null),
    ) ?? null
  );
}

/** Whether a process is one of a user's programs. */
export const isUserProcess = ({ name, sid }: ProcessFacts): boolean =>
  !machinery.has(name.toLowerCase()) && (sid === null || wellKnownAccount(sid) === null);

/** The processes of one session, in the order of their start. */
export function processReadingOf(facts: HostFacts, sessionId: number): ProcessReading {
  return {
    readAt: instantOf(facts.now),
    complete: facts.processes !== null,
    processes: processesOf(facts, (process) => process.sessionId === sessionId),
    notes: facts.gaps.map(({ code, error, columns }) => ({ code, message: error.message, columns, hint: error.hint })),
  };
}

/** The processes of the host that are meant, in the order of their start. */
export function processesOf(facts: HostFacts, isMeant: (process: ProcessFacts) => boolean): readonly SessionProcess[] {
  const accountOf = accountsOf(facts);
  return (facts.processes ?? [])
    .filter(isMeant)
    .toSorted((one, other) =>
      one.createTime < other.createTime ? -1 : one.createTime > other.createTime ? 1 : one.pid - other.pid,
    )
    .map((process) => processOf(process, facts.now, accountOf));
}

function processOf(process: ProcessFacts, now: bigint, accountOf: (sid: string) => string): SessionProcess {
  return {
    pid: process.pid,
    parentPid: process.parentPid === 0 ? null : process.parentPid,
    name: process.name,
    command: null,
    user: process.sid === null ? null : accountOf(process.sid),
    startedAt: momentOf(process.createTime, now),
    start: String(process.createTime),
    state: null,
    cpuTime: seconds(Number(process.cpuTime / 10_000n) / 1000),
    cpuPercent: null,
    memoryBytes: process.workingSetBytes,
    role: roleOf(process),
  };
}

function roleOf(process: ProcessFacts): ProcessRole {
  if (isCritical(process)) return 'critical';
  return isUserProcess(process) ? 'user' : 'system';
}

/** A name for every SID: of Windows' own accounts, and of a session's user by what Explorer runs as there. */
function accountsOf({ sessions, processes }: HostFacts): (sid: string) => string {
  const users = new Map<string, string>();
  for (const { name, sid, sessionId } of processes ?? []) {
    const session = sessions.find(({ id }) => id === sessionId);
    if (
      sid === null ||
      session === undefined ||
      session.user === '' ||
      !/^(explorer|sihost|taskhostw)\.exe$/i.test(name)
    )
      continue;
    users.set(sid, session.domain === '' ? session.user : `${session.domain}\\${session.user}`);
  }
  return (sid) => wellKnownAccount(sid) ?? users.get(sid) ?? sid;
}
