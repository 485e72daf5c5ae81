import type { FoundSession } from '../../fleet/find-sessions.ts';
import type { KeptHost } from '../../fleet/kept-host.ts';
import type { HostReading } from '../../hosts/driver.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Session } from '../../sessions/session.ts';
import type { Run } from '../run.ts';
import { administered, type lacks } from './administered.ts';
import type { Gathered } from './on-hosts.ts';

/** A host that something is done to, and who is on it. */
export interface PeopledHost {
  readonly host: KeptHost;
  readonly reading: HostReading;
  /** Everybody's sessions, the disconnected too. */
  readonly people: readonly FoundSession[];
}

/** Reads who is on the hosts. One that does not answer, or of which this cannot be wanted, is an error. */
export async function readPeople(
  run: Run,
  hosts: readonly KeptHost[],
  wanted: keyof typeof lacks,
): Promise<Gathered<PeopledHost>> {
  const outcomes = await Promise.all(
    hosts.map(async (host) => {
      try {
        const reading = await host.use(async (connection, signal) => {
          administered(connection, wanted);
          return await connection.list(signal);
        }, run.around.signal);
        return { host, reading, people: peopleIn(host, reading) };
      } catch (error) {
        if (error instanceof UsherError) return error;
        throw error;
      }
    }),
  );
  return told(outcomes);
}

/** What came of each of several hosts: those that did it, and the failures of the others. */
export function told<T extends object>(outcomes: readonly (T | UsherError)[]): Gathered<T> {
  return {
    rows: outcomes.filter((outcome): outcome is T => !(outcome instanceof UsherError)),
    errors: outcomes.filter((outcome): outcome is UsherError => outcome instanceof UsherError),
  };
}

function peopleIn(host: KeptHost, reading: HostReading): readonly FoundSession[] {
  const users = reading.sessions.filter(({ kind, user }) => kind === 'user' && user !== null);
  return users.map((session) => ({ host, session, reading, namedBy: 'filter' }));
}

/** Whether somebody may sit in front of it: what is not known for certain counts. */
export const isConnected = ({ state }: Pick<Session, 'state'>): boolean => state !== 'disconnected';
