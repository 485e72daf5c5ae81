import type { ActTarget, Presence } from '../act.ts';
import type { HostReading } from '../driver.ts';
import { isAccount } from './cut-names.ts';
import type { HostFacts, SessionFacts } from './facts.ts';
import { isUserProcess, processesOf } from './processes.ts';
import { isOtherBoot, type Likeness, likenessOf, type WindowsIdentity } from './same-session.ts';
import { isTraced, tracesOf } from './traces.ts';

/**
 * Whether the session is still there, by one whole reading. It is gone where the list, which is told at once for all sessions, has it
 * no more and no process of it runs. That the host does not answer for another session takes nothing from that.
 */
export function presenceOf(
  { id, traces }: Pick<ActTarget, 'id' | 'traces'>,
  identity: WindowsIdentity,
  { facts, reading }: { readonly facts: HostFacts; readonly reading: HostReading },
): Presence {
  const { readAt } = reading;
  const unknown = (why: string): Presence => ({ kind: 'unknown', readAt, why });
  const listed = facts.sessions.find((session) => session.id === id);
  if (listed !== undefined && isSilent(listed, identity))
    return unknown(`the host does not tell whose session ${id} is`);
  const likeness = listed === undefined ? null : compared(identity, listed, facts, traces);
  if (likeness?.kind === 'unknown') return unknown(likeness.why);
  // Its logon process is somebody's by now: neither there nor gone.
  if (likeness?.kind === 'other' && identity.kind === 'windows-winlogon' && listed?.user !== '')
    return unknown(likeness.why);
  if (likeness?.kind === 'same') {
    const session = reading.sessions.find((candidate) => candidate.id === id);
    if (session === undefined) throw new Error(`the reading lacks session ${id}`);
    if (isOtherBoot(identity, facts.boot))
      return unknown('the host seems to run another boot, and the session is there');
    return {
      kind: 'there',
      readAt,
      session,
      traces: facts.processes === null ? traces : tracesOf(facts.processes, id),
    };
  }
  return absenceOf(id, traces, facts, { readAt, listed });
}

function absenceOf(
  id: number,
  traces: readonly string[],
  facts: HostFacts,
  { readAt, listed }: { readonly readAt: Temporal.Instant; readonly listed: SessionFacts | undefined },
): Presence {
  if (facts.processes === null) {
    const hidden = facts.gaps.find(({ columns }) => columns.includes('processCount'))?.error.message;
    const why = `whether anything of it is left cannot be seen${hidden === undefined ? '' : `: ${hidden}`}`;
    return { kind: 'unknown', readAt, why };
  }
  const isTaken = listed !== undefined && listed.user !== '';
  const left = processesOf(facts, (process) => {
    if (process.sessionId === 0) return false;
    // What runs under a number that no session has is left of the one that had it.
    if (listed === undefined && process.sessionId === id) return true;
    // What Windows runs in a session goes over to whoever is logged on next.
    return isTraced(traces, process) && !(isTaken && process.sessionId === id && !isUserProcess(process));
  });
  if (left.length > 0) return { kind: 'remains', readAt, processes: left };
  if (traces.length > 0 || listed === undefined) return { kind: 'gone', readAt };
  return {
    kind: 'unknown',
    readAt,
    why: `session ${id} is another one by now, and what ran in this one was never seen`,
  };
}

/** Whether the host does not say who is logged on, where it may be the one who is meant. */
function isSilent({ times, user, domain }: SessionFacts, identity: WindowsIdentity): boolean {
  if (times !== null || identity.kind !== 'windows-logon') return false;
  return user === '' || isAccount(identity.account, { user, domain });
}

function compared(
  identity: WindowsIdentity,
  { user, domain, times }: SessionFacts,
  { now, processes }: HostFacts,
  traces: readonly string[],
): Likeness {
  return likenessOf(identity, { user, domain, loggedOn: times?.loggedOn ?? 0n }, { now, processes, traces });
}
