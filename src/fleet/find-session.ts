import type { HostConnection, HostReading } from '../hosts/driver.ts';
import { accountOf } from '../sessions/account.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import type { Fleet } from './fleet.ts';
import type { FleetHost } from './inventory.ts';
import { nothingFound } from './nothing-found.ts';
import { meaningsOf, type Search } from './session-reference.ts';
import { type HostOutcome, listSessions, sweep } from './sweep.ts';

/** The one session that a SESSION means, as it was just read. Disposing of it closes its connection. */
export interface FoundSession extends AsyncDisposable {
  readonly host: FleetHost;
  readonly session: Session;
  readonly reading: HostReading;
  readonly connection: HostConnection;
  /** Hosts that were searched too and did not answer: the same name may have another session there. */
  readonly unsearched: readonly UsherError[];
}

/**
 * Finds the session by reading its host. A user's name alone is looked for on every host of the inventory. Throws
 * {@link UsherError}: `not_found`, `ambiguous` with the matches; where no host answered `UsherErrors`, with each one's
 * failure.
 */
export async function findSession(
  fleet: Fleet,
  text: string,
  search: Search,
  signal: AbortSignal,
): Promise<FoundSession> {
  const meanings = meaningsOf(text, search);
  const hosts = new Map(meanings.flatMap((meaning) => meaning.hosts.map((host) => [host.name, host] as const)));
  const matching = (reading: HostReading): readonly Session[] =>
    reading.sessions.filter((session) =>
      meanings.some((meant) => meant.hosts.some(({ name }) => name === reading.host) && meant.matches(session)),
    );
  await using open = new AsyncDisposableStack();
  const errors: UsherError[] = [];
  const found: Found[] = [];
  const keep = (reading: HostReading): boolean => matching(reading).length > 0;
  for await (const outcome of sweep(fleet, { hosts: [...hosts.values()], signal, read: listSessions, keep })) {
    if (!outcome.ok) errors.push(outcome.error);
    else found.push(...foundIn(outcome, matching, open));
  }
  const [only, ...others] = found;
  if (only === undefined) throw nothingFound(text, search, hosts.size, errors);
  if (others.length > 0) throw severalFound(text, found);
  const connections = open.move();
  return { ...only, unsearched: errors, [Symbol.asyncDispose]: () => connections.disposeAsync() };
}

type Found = Pick<FoundSession, 'host' | 'session' | 'reading' | 'connection'>;

function foundIn(
  outcome: HostOutcome<HostReading> & { readonly ok: true },
  matching: (reading: HostReading) => readonly Session[],
  open: AsyncDisposableStack,
): readonly Found[] {
  const { host, connection, value: reading } = outcome;
  if (connection === null) return [];
  open.use(connection);
  return matching(reading).map((session) => ({ host, session, reading, connection }));
}

const mostListed = 20;

function severalFound(text: string, found: readonly Found[]): UsherError {
  const lines = found.slice(0, mostListed).map(({ host, session }) => {
    return `${host.name} ${session.id} (${accountOf(session) ?? 'nobody'}, ${session.state ?? 'state unknown'})`;
  });
  const more = found.length > mostListed ? `, and ${found.length - mostListed} more` : '';
  return new UsherError({
    code: 'ambiguous',
    message: `'${text}' means ${found.length} sessions: ${lines.join(', ')}${more}`,
    hint: 'name one of them: -s HOST ID, or its key from `usher sessions --json`',
  });
}
