import { accountOf } from './account.ts';
import type { Seconds } from './duration.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

/** What a listing is narrowed to. An empty list and null narrow nothing; every criterion must hold. */
export interface SessionFilter {
  /** Patterns over `user` or `DOMAIN\user`; one must match. */
  readonly users: readonly string[];
  readonly states: readonly SessionState[];
  /** Sessions whose user gave no input for longer than this. One whose idle time is unknown is left out. */
  readonly idleOver: Seconds | null;
  /** Patterns over the client's name or address; one must match. */
  readonly clients: readonly string[];
  /** Only those that look hung or lagging. */
  readonly troubled: boolean;
  /** Services, listeners and consoles without a user too. */
  readonly allKinds: boolean;
}

/** Whether text matches a pattern of `*` (any run of characters) and `?` (one); case is ignored, `\` is itself. */
export function matchesPattern(pattern: string, text: string): boolean {
  const wanted = [...pattern.normalize('NFC').toLowerCase()];
  const given = [...text.normalize('NFC').toLowerCase()];
  let [at, back, resume] = [0, -1, 0];
  for (let position = 0; position < given.length; ) {
    if (wanted[at] === '*') {
      [back, resume] = [at, position];
      at += 1;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[position])) {
      at += 1;
      position += 1;
    } else if (back >= 0) {
      at = back + 1;
      resume += 1;
      position = resume;
    } else {
      return false;
    }
  }
  return wanted.slice(at).every((character) => character === '*');
}

export function passes(filter: SessionFilter, session: Session): boolean {
  const { client, user } = session;
  return (
    (filter.allKinds || session.kind === 'user') &&
    (filter.states.length === 0 || (session.state !== null && filter.states.includes(session.state))) &&
    (!filter.troubled || session.troubles.length > 0) &&
    (filter.idleOver === null || (session.idleFor !== null && session.idleFor > filter.idleOver)) &&
    anyMatch(filter.users, [user, accountOf(session)]) &&
    anyMatch(filter.clients, [client.name, client.address])
  );
}

function anyMatch(patterns: readonly string[], texts: readonly (string | null)[]): boolean {
  const known = texts.filter((text) => text !== null);
  return patterns.length === 0 || patterns.some((pattern) => known.some((text) => matchesPattern(pattern, text)));
}
