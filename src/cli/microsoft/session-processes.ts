import { gather } from '../../fleet/sweep.ts';
import type { HostConnection } from '../../hosts/driver.ts';
import { UsherError, withContext } from '../../sessions/errors.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { Session } from '../../sessions/session.ts';
import { fleetFor, type NoteRow, type Run, inventoryFor, select } from '../run.ts';
import { notesOf } from '../listing.ts';
import type { FleetHost } from '../../fleet/inventory.ts';

/** What runs in one session. */
export interface SessionProcesses {
  readonly session: Session;
  readonly processes: readonly SessionProcess[];
}

/** What runs in the sessions of several hosts. */
export interface ProcessesOfHosts {
  readonly hosts: readonly FleetHost[];
  readonly sessions: readonly SessionProcesses[];
  readonly answered: number;
  readonly errors: readonly UsherError[];
  readonly notes: readonly NoteRow[];
}

interface HostProcesses {
  readonly sessions: readonly SessionProcesses[];
  readonly errors: readonly UsherError[];
  readonly notes: readonly NoteRow[];
}

/** Reads what runs in every session that passes, on every host that is named. A listener runs nothing. */
export async function readSessionProcesses(
  run: Run,
  servers: readonly string[],
  passes: (session: Session) => boolean,
): Promise<ProcessesOfHosts> {
  const { hosts } = select(run, await inventoryFor(run), servers);
  const outcomes = await gather(await fleetFor(run), {
    hosts,
    signal: run.around.signal,
    repeatable: true,
    read: (connection, signal) => readHost(connection, passes, signal),
  });
  const read = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  return {
    hosts,
    sessions: read.flatMap(({ sessions }) => sessions),
    answered: read.length,
    errors: [...outcomes.flatMap((one) => (one.ok ? [] : [one.error])), ...read.flatMap(({ errors }) => errors)],
    notes: read.flatMap(({ notes }) => notes),
  };
}

async function readHost(
  connection: HostConnection,
  passes: (session: Session) => boolean,
  signal: AbortSignal,
): Promise<HostProcesses> {
  const reading = await connection.list(signal);
  const sessions: SessionProcesses[] = [];
  const errors: UsherError[] = [];
  for (const session of reading.sessions.toSorted((one, other) => one.id - other.id)) {
    if (session.kind === 'listener' || !passes(session)) continue;
    try {
      const { processes } = await connection.processes(session.identity, signal);
      sessions.push({ session, processes });
    } catch (error) {
      // One that ended since it was listed runs nothing any more.
      if (!(error instanceof UsherError)) throw error;
      if (error.code !== 'session_changed') errors.push(withContext(error, { host: session.host }));
    }
  }
  return { sessions, errors, notes: notesOf(reading) };
}
