import type { HostReading } from '../hosts/driver.ts';
import type { HostOutcome } from '../fleet/sweep.ts';
import type { UsherError } from '../sessions/errors.ts';
import { passes, type SessionFilter } from '../sessions/filter.ts';
import type { Session } from '../sessions/session.ts';
import { count, formatBytes } from './measures.ts';
import { csvLine } from './printable.ts';
import { complain, type NoteRow, noteRow, paintOf, printJson, remark, remarkNote, type Run } from './run.ts';
import {
  type ColumnName,
  csvColumns,
  isMarked,
  type SessionColumn,
  sessionColumns,
  tableColumns,
  usualColumns,
} from './session-columns.ts';
import { errorRows, sessionJson } from './session-json.ts';

/** What several hosts answered, put together. */
export interface Listing {
  readonly sessions: readonly Session[];
  /** How many there were before the filter. */
  readonly all: readonly Session[];
  readonly hostCount: number;
  /** How many hosts answered. */
  readonly answered: number;
  readonly errors: readonly UsherError[];
  readonly notes: readonly NoteRow[];
}

/** How a listing is to be shown. */
export interface ListingLook {
  /** Null: the usual ones. */
  readonly columns: readonly ColumnName[] | null;
  /** Whether what is nobody's session is shown too. */
  readonly kinds: boolean;
  /** Whether each session's troubles are told below it. */
  readonly reasons: boolean;
  /** Whether it was narrowed by idle time. */
  readonly idle: boolean;
}

export function collectListing(outcomes: readonly HostOutcome<HostReading>[], filter: SessionFilter): Listing {
  const readings = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const all = readings.flatMap(({ sessions }) =>
    sessions.filter(({ kind }) => filter.allKinds || kind === 'user').toSorted((one, other) => one.id - other.id),
  );
  return {
    sessions: all.filter((session) => passes(filter, session)),
    all,
    hostCount: outcomes.length,
    answered: readings.length,
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

export async function printListing(run: Run, listing: Listing, look: ListingLook): Promise<void> {
  const { sessions, errors, notes } = listing;
  if (run.globals.format === 'json') {
    printJson(run, { sessions: sessions.map(sessionJson), errors: errorRows(errors), notes });
    return;
  }
  if (run.globals.format === 'csv') printCsv(run, sessions, look.columns ?? csvColumns);
  else await printTable(run, listing, look);
  for (const error of errors) complain(run, error);
  for (const note of notes) remarkNote(run, note);
  if (look.idle) remarkUnknownIdle(run, listing.all);
}

function printCsv({ around: { stdout } }: Run, sessions: readonly Session[], names: readonly ColumnName[]): void {
  const columns: readonly SessionColumn[] = names.map((name) => sessionColumns[name]);
  const lines = sessions.map((session) => csvLine(columns.map(({ value }) => value(session))));
  stdout.write(csvLine(names) + lines.join(''));
}

async function printTable(run: Run, listing: Listing, look: ListingLook): Promise<void> {
  const { stdout, timeZone } = run.around;
  const { sessions, hostCount, answered } = listing;
  const moment = { now: run.around.now(), timeZone };
  const names = look.columns ?? usualColumns(hostCount, look.kinds);
  const columns = tableColumns(names, sessions, moment);
  let missing: readonly string[] = [];
  const dropped = (titles: readonly string[]): void => void (missing = titles);
  const reasons = ({ troubles }: Session): readonly string[] => troubles.map(({ reason }) => `! ${reason}`);
  if (sessions.length > 0 || (!stdout.isTerminal && answered > 0)) {
    const { renderTable } = await import('./table.ts');
    const width = stdout.isTerminal ? (stdout.columns ?? 80) : null;
    const below = look.reasons ? reasons : undefined;
    stdout.write(renderTable(columns, sessions, { width, paint: paintOf(run), below, dropped }));
  }
  const legends = [
    ...(isMarked(names, sessions) && !look.reasons ? [markLegend] : []),
    ...(missing.length > 0 ? [`no room for ${missing.join(', ')}: a wider terminal, or --columns`] : []),
  ];
  if (stdout.isTerminal && !run.globals.quiet && answered > 0) {
    const lines = [footer(listing), ...legends].map((line) => `${paintOf(run)('dim', line)}\n`);
    stdout.write(`${sessions.length > 0 ? '\n' : ''}${lines.join('')}`);
  } else if (!stdout.isTerminal) {
    for (const legend of legends) remark(run, legend);
  }
}

const markLegend = '! troubled: looks hung or lagging, or cannot be reconnected to (--troubled: why)';

/** `90 sessions on 3 hosts · 31 disconnected hold 22 GB · 2 troubled · 1 host failed`. */
export function footer({ sessions, all, hostCount, answered, errors }: Listing): string {
  const shown = sessions.length === all.length ? '' : `${sessions.length} of `;
  const hosts = hostCount === 1 ? '' : ` on ${count(answered, 'host')}`;
  const disconnected = sessions.filter(({ state }) => state === 'disconnected');
  const troubled = sessions.filter(({ troubles }) => troubles.length > 0).length;
  return [
    `${shown}${all.length === 0 ? 'no sessions' : count(all.length, 'session')}${hosts}`,
    ...(disconnected.length === 0 ? [] : [`${disconnected.length} disconnected${held(disconnected)}`]),
    ...(troubled === 0 ? [] : [`${troubled} troubled`]),
    ...(errors.length === 0 ? [] : [`${count(errors.length, 'host')} failed`]),
  ].join(' · ');
}

/** What they hold in memory, as far as it is known. */
function held(sessions: readonly Session[]): string {
  const known = sessions.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  if (known.length === 0) return '';
  const bytes = formatBytes(known.reduce((sum, one) => sum + one, 0));
  const verb = sessions.length === 1 ? 'holds' : 'hold';
  return known.length === sessions.length ? ` ${verb} ${bytes}` : ` ${verb} at least ${bytes}`;
}

function remarkUnknownIdle(run: Run, sessions: readonly Session[]): void {
  const unknown = sessions.filter(({ idleFor }) => idleFor === null).length;
  if (unknown > 0) remark(run, `${count(unknown, 'session')} left out: the idle time is unknown`);
}
