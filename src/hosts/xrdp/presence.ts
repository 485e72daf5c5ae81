import type { Presence } from '../act.ts';
import type { HostReading } from '../driver.ts';
import type { SessionIdentity } from '../../sessions/identity.ts';
import { sameIdentity } from '../../sessions/identity.ts';
import type { PresenceAnswer } from './answer.ts';
import { instant } from './list.ts';
import { processOf } from './processes.ts';

/** Whether the session is gone, from an answer that found it no more. Only an answer that saw everything proves it. */
export function absenceOf(answer: PresenceAnswer): Presence {
  const readAt = instant(answer.now);
  if (answer.processes.length > 0) return { kind: 'remains', readAt, processes: answer.processes.map(processOf) };
  if (answer.everyProcessSeen && answer.traced) return { kind: 'gone', readAt };
  if (answer.everyProcessSeen) return { kind: 'unknown', readAt, why: 'what ran in it was never seen' };
  return { kind: 'unknown', readAt, why: "the host hides other users' processes (hidepid)" };
}

/** The session as a reading has it; null where it has none of this identity. */
export function presentIn(reading: HostReading, identity: SessionIdentity, traces: readonly string[]): Presence | null {
  const session = reading.sessions.find((candidate) => sameIdentity(candidate.identity, identity));
  return session === undefined ? null : { kind: 'there', readAt: reading.readAt, session, traces };
}
