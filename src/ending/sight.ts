import type { Presence } from '../hosts/act.ts';
import type { SessionProcess } from '../sessions/process.ts';
import type { Session } from '../sessions/session.ts';
import type { LastSeen, Running, Sight } from './ladder/ladder.ts';

/** What the ladder needs to know of a session, in the host's own time. */
export const lastSeenOf = ({ state, lastInputAt }: Session): LastSeen => ({
  state,
  lastInputAt: lastInputAt?.epochMilliseconds ?? null,
});

/** A reading in the ladder's words; `running` is what runs in a session that is there. */
export function sightOf(presence: Presence, running: readonly SessionProcess[]): Sight {
  const readAt = presence.readAt.epochMilliseconds;
  switch (presence.kind) {
    case 'there':
      return { kind: 'there', readAt, session: lastSeenOf(presence.session), running: running.map(runningOf) };
    case 'remains':
      return { kind: 'remains', readAt, left: presence.processes.map(runningOf) };
    case 'gone':
      return { kind: 'gone', readAt };
    case 'unknown':
      return { kind: 'unknown', why: presence.why };
  }
}

/** A session leader is never killed: that would orphan what is left of the session. Nor is what takes the host down. */
const runningOf = (process: SessionProcess): Running => ({
  name: `${process.name} ${process.pid}`,
  pid: process.pid,
  stopped: isStopped(process),
  part:
    process.role === 'leader' || process.role === 'critical' ? 'protected' : isProgram(process) ? 'program' : 'session',
});

const isStopped = ({ state }: SessionProcess): boolean => state === 'stopped' || state === 'traced';

const isProgram = ({ role }: SessionProcess): boolean => role === 'user' || role === 'window-manager';

/**
 * What may be why a session does not end: the user's programs, and any part of the session that is stopped. Where nothing is left in
 * it but what takes the host down with it, that.
 */
export function whatMayHang(processes: readonly SessionProcess[]): readonly SessionProcess[] {
  if (processes.every(({ role }) => role === 'critical')) return processes;
  return processes.filter((process) => isProgram(process) || isStopped(process));
}
