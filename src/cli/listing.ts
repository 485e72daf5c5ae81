import type { HostReading } from '../hosts/driver.ts';
import type { FleetHost, Inventory } from '../fleet/inventory.ts';
import { whereabouts } from '../fleet/office.ts';
import type { HostOutcome } from '../fleet/sweep.ts';
import type { UsherError } from '../sessions/errors.ts';
import { passes, type SessionFilter } from '../sessions/filter.ts';
import type { Session } from '../sessions/session.ts';
import { type NoteRow, noteRow } from './run.ts';

/** What several hosts answered, put together. */
export interface Listing {
  readonly sessions: readonly Session[];
  /** How many there were before the filter. */
  readonly all: readonly Session[];
  readonly hosts: readonly FleetHost[];
  /** How many of them answered. */
  readonly answered: number;
  /** Whether an address is one of the office's. */
  readonly office: ReturnType<typeof whereabouts>;
  readonly errors: readonly UsherError[];
  readonly notes: readonly NoteRow[];
}

export function collectListing(
  outcomes: readonly HostOutcome<HostReading>[],
  filter: SessionFilter,
  { office }: Pick<Inventory, 'office'>,
): Listing {
  const readings = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const all = readings.flatMap(({ sessions }) =>
    sessions.filter(({ kind }) => filter.allKinds || kind === 'user').toSorted((one, other) => one.id - other.id),
  );
  return {
    sessions: all.filter((session) => passes(filter, session)),
    all,
    hosts: outcomes.map(({ host }) => host),
    answered: readings.length,
    office: whereabouts(office),
    errors: outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error])),
    notes: readings.flatMap(notesOf),
  };
}

/** The host's notes, and one more where an incomplete list would look like a whole one. */
export function notesOf({
  host,
  complete,
  notes,
}: Pick<HostReading, 'host' | 'complete' | 'notes'>): readonly NoteRow[] {
  const rows = notes.map((note) => noteRow(host, note));
  if (complete) return rows;
  const message = 'not everything could be read: something may be missing here';
  return [...rows, { host, code: 'incomplete', message, columns: [], hint: null }];
}
