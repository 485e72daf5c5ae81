import type { HostReading } from '../driver.ts';
import type { Session } from '../../sessions/session.ts';
import type { SomeFacts } from './facts.ts';
import type { Baseline } from './rates.ts';
import { readingOf } from './sessions.ts';

/**
 * The reading of before with what was read again of some of its sessions. What only processes tell, which were not read, stays as it
 * was until the whole host is read again.
 */
export function withSome(last: HostReading, some: SomeFacts, before: Baseline | null): HostReading {
  const facts = { ...some, listeners: [], processes: null, complete: last.complete, gaps: [] };
  const again = readingOf(last.host, facts, before);
  const news = new Map(again.sessions.map((session) => [session.id, session]));
  const sessions: Session[] = [];
  for (const was of last.sessions) {
    const isListener = was.kind === 'listener';
    const now = isListener ? undefined : news.get(was.id);
    if (now !== undefined) sessions.push(withProcesses(now, was));
    else if (isListener || !some.gone.has(was.id)) sessions.push(was);
    if (now !== undefined) news.delete(was.id);
  }
  return { ...last, readAt: again.readAt, gone: some.gone, sessions: [...sessions, ...news.values()] };
}

function withProcesses(now: Session, was: Session): Session {
  if (was.key !== now.key) return now;
  const { memoryBytes, cpuPercent, processCount } = was;
  const troubles = was.troubles.filter(({ code }) => code === 'no-user-process');
  return { ...now, memoryBytes, cpuPercent, processCount, troubles: [...now.troubles, ...troubles] };
}
