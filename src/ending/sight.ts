import type { Presence } from '../hosts/act.ts';
import type { SessionProcess } from '../sessions/process.ts';
import type { Session } from '../sessions/session.ts';
import type { LastSeen, Left, Sight } from './ladder/ladder.ts';

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
      return { kind: 'there', readAt, session: lastSeenOf(presence.session), running: running.map(nameOf) };
    case 'remains':
      return { kind: 'remains', readAt, left: presence.processes.map(leftOf) };
    case 'gone':
      return { kind: 'gone', readAt };
    case 'unknown':
      return { kind: 'unknown', why: presence.why };
  }
}

const nameOf = ({ name, pid }: SessionProcess): string => `${name} ${pid}`;

/** The session leader is never killed: that would orphan what is left of the session. */
const leftOf = (process: SessionProcess): Left => ({ name: nameOf(process), protected: process.role === 'leader' });

/** Whether a process is one of the user's programs, and no part of the session's own machinery. */
export const isProgram = ({ role }: SessionProcess): boolean => role === 'user' || role === 'window-manager';
