import type { HostConnection, HostReading } from '../hosts/driver.ts';
import { accountOf } from '../sessions/account.ts';
import { UsherError, UsherErrors } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { Closings } from './closings.ts';
import type { Fleet } from './fleet.ts';
import type { FleetHost } from './inventory.ts';
import { keepHost, type KeptHost } from './kept-host.ts';
import { nothingFound } from './nothing-found.ts';
import { type Meaning, meaningsOf, type NamedBy, type Search } from './session-reference.ts';
import { listSessions, sweep } from './sweep.ts';

/** One session, as it was just read. */
export interface FoundSession {
  readonly host: KeptHost;
  readonly session: Session;
  readonly reading: HostReading;
  readonly namedBy: NamedBy;
}

/** Sessions that were looked for. Disposing of them closes their hosts. */
export interface FoundSessions extends AsyncDisposable {
  readonly sessions: readonly FoundSession[];
  /** Hosts that were searched too and did not answer: the same name may have another session there. */
  readonly unsearched: readonly UsherError[];
}

/**
 * Finds the one session that each text means, by reading its host; each session once. A user's name alone is looked for
 * on every host of the inventory. Throws {@link UsherError}: `not_found`, `ambiguous` with the matches; where no host
 * answered `UsherErrors`, with each one's failure.
 */
export async function findSessions(
  fleet: Fleet,
  texts: readonly string[],
  search: Search,
  signal: AbortSignal,
): Promise<FoundSessions> {
  const wanted = texts.map((text) => ({ text, meanings: meaningsOf(text, search) }));
  const hosts = hostsOf(wanted.flatMap(({ meanings }) => meanings));
  const matches = (reading: HostReading): boolean =>
    wanted.some(({ meanings }) =>
      reading.sessions.some((session) => meantBy(meanings, reading.host, session) !== null),
    );
  // Where more hosts than texts match, one of them means several sessions.
  await using read = await readAll(fleet, hosts, { matches, mostKept: texts.length }, signal);
  const found = new Map<string, FoundSession>();
  for (const { text, meanings } of wanted) {
    const one = onlyOne(text, search, hostsOf(meanings), matchesIn(read, meanings), read.errors);
    found.set(one.session.key, found.get(one.session.key) ?? one);
  }
  return read.keep([...found.values()]);
}

/** Which sessions are looked for on every host. */
export interface EverySession {
  readonly passes: (session: Session) => boolean;
  /**
   * Of more hosts than these no connection is kept: who acts on sessions of so many wants too much. Should something be asked of one all the
   * same, it is connected to again.
   */
  readonly mostKept: number;
}

/** Every session of these hosts that passes. Throws {@link UsherErrors} where no host answered, nothing of one host's otherwise. */
export async function findEverySession(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  { passes, mostKept }: EverySession,
  signal: AbortSignal,
): Promise<FoundSessions> {
  const matches = ({ sessions }: HostReading): boolean => sessions.some(passes);
  await using read = await readAll(fleet, hosts, { matches, mostKept }, signal);
  if (hosts.length > 0 && read.errors.length === hosts.length) throw new UsherErrors(read.errors);
  const sessions = [...read.hosts].flatMap(([host, reading]) =>
    reading.sessions.filter(passes).map((session) => ({ host, session, reading, namedBy: 'filter' }) as const),
  );
  return read.keep(sessions);
}

const hostsOf = (meanings: readonly Meaning[]): readonly FleetHost[] => [
  ...new Map(meanings.flatMap(({ hosts }) => hosts.map((host) => [host.name, host] as const))).values(),
];

const meantBy = (meanings: readonly Meaning[], host: string, session: Session): NamedBy | null =>
  meanings
    .filter(({ hosts }) => hosts.some(({ name }) => name === host))
    .map(({ namedBy }) => namedBy(session))
    .find((by) => by !== null) ?? null;

interface AllRead extends AsyncDisposable {
  readonly hosts: ReadonlyMap<KeptHost, HostReading>;
  readonly errors: readonly UsherError[];
  /** Hands the hosts over, with what was found on them. */
  keep(sessions: readonly FoundSession[]): FoundSessions;
}

async function readAll(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  { matches, mostKept }: { readonly matches: (reading: HostReading) => boolean; readonly mostKept: number },
  signal: AbortSignal,
): Promise<AllRead> {
  const errors: UsherError[] = [];
  const readings = new Map<FleetHost, HostReading>();
  const connections = new Map<FleetHost, HostConnection>();
  const closings = new Closings(fleet.timers);
  const close = (): void => {
    for (const connection of connections.values()) closings.add(connection[Symbol.asyncDispose]());
    connections.clear();
  };
  const read = async (connection: HostConnection, until: AbortSignal): Promise<readonly [HostReading, boolean]> => {
    const reading = await listSessions(connection, until);
    return [reading, matches(reading)];
  };
  const keep = ([, isMatch]: readonly [HostReading, boolean]): boolean => isMatch;
  try {
    for await (const outcome of sweep(fleet, { hosts, signal, read, repeatable: true, keep })) {
      if (!outcome.ok) errors.push(outcome.error);
      else if (outcome.value[1]) readings.set(outcome.host, outcome.value[0]);
      if (outcome.ok && outcome.connection !== null) connections.set(outcome.host, outcome.connection);
      if (readings.size > mostKept) close();
    }
  } catch (error) {
    close();
    throw error;
  } finally {
    await closings.done();
  }
  return allRead(
    hosts.flatMap((host) => {
      const reading = readings.get(host);
      return reading === undefined ? [] : [[keepHost(fleet, host, connections.get(host) ?? null), reading] as const];
    }),
    errors,
  );
}

function allRead(hosts: readonly (readonly [KeptHost, HostReading])[], errors: readonly UsherError[]): AllRead {
  const open = new AsyncDisposableStack();
  for (const [host] of hosts) open.use(host);
  return {
    hosts: new Map(hosts),
    errors,
    keep(sessions) {
      const handed = open.move();
      return { sessions, unsearched: errors, [Symbol.asyncDispose]: () => handed.disposeAsync() };
    },
    async [Symbol.asyncDispose]() {
      if (!open.disposed) await open.disposeAsync();
    },
  };
}

const matchesIn = ({ hosts }: AllRead, meanings: readonly Meaning[]): readonly FoundSession[] =>
  [...hosts].flatMap(([host, reading]) =>
    reading.sessions.flatMap((session) => {
      const namedBy = meantBy(meanings, reading.host, session);
      return namedBy === null ? [] : [{ host, session, reading, namedBy }];
    }),
  );

function onlyOne(
  text: string,
  search: Search,
  hosts: readonly FleetHost[],
  found: readonly FoundSession[],
  errors: readonly UsherError[],
): FoundSession {
  const [only, ...others] = found;
  if (only === undefined) throw nothingFound(text, search, hosts, errors);
  if (others.length > 0) throw severalFound(text, found);
  return only;
}

const mostListed = 20;

function severalFound(text: string, found: readonly FoundSession[]): UsherError {
  const lines = found.slice(0, mostListed).map(({ session }) => {
    return `${session.host} ${session.id} (${accountOf(session) ?? 'nobody'}, ${session.state ?? 'state unknown'})`;
  });
  const more = found.length > mostListed ? `, and ${found.length - mostListed} more` : '';
  return new UsherError({
    code: 'ambiguous',
    message: `'${text}' means ${found.length} sessions: ${lines.join(', ')}${more}`,
    hint: 'name one of them: -s HOST ID, or its key from `usher sessions --json`',
  });
}
