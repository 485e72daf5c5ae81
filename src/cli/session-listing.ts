import type { Session } from '../sessions/session.ts';
import type { Listing } from './listing.ts';
import { footer } from './listing-footer.ts';
import { count } from './measures.ts';
import { csvLine } from './printable.ts';
import { complain, paintOf, printJson, remark, remarkNote, type Run, simulatedNotes } from './run.ts';
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
import { renderTable } from './table.ts';

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

export async function printListing(run: Run, listing: Listing, look: ListingLook): Promise<void> {
  if (run.globals.format === 'json') {
    printJson(run, documentOf(listing));
    return;
  }
  const { stdout } = run.around;
  if (run.globals.format === 'csv') stdout.write(csvHead(look) + csvRows(listing.sessions, look));
  else await printTable(run, listing, look);
  tellBeside(run, listing, look);
}

/** What `--json` prints. */
export function documentOf({ sessions, errors, notes, hosts }: Listing) {
  return {
    sessions: sessions.map(sessionJson),
    errors: errorRows(errors),
    notes: [...simulatedNotes(hosts), ...notes],
  };
}

export const csvHead = ({ columns }: ListingLook): string => csvLine(columns ?? csvColumns);

export function csvRows(sessions: readonly Session[], { columns: wanted }: ListingLook): string {
  const columns: readonly SessionColumn[] = (wanted ?? csvColumns).map((name) => sessionColumns[name]);
  return sessions.map((session) => csvLine(columns.map(({ value }) => value(session)))).join('');
}

/** What failed and what is missing, on standard error. */
export function tellBeside(run: Run, { errors, notes, all }: Listing, look: ListingLook): void {
  for (const error of errors) complain(run, error);
  for (const note of notes) remarkNote(run, note);
  if (look.idle) remarkUnknownIdle(run, all);
}

async function printTable(run: Run, listing: Listing, look: ListingLook): Promise<void> {
  const { stdout, timeZone } = run.around;
  const { sessions, hosts, answered } = listing;
  const moment = { now: run.around.now(), timeZone };
  const names = look.columns ?? usualColumns(hosts.length, look.kinds);
  const columns = tableColumns(names, sessions, moment);
  let missing: readonly string[] = [];
  const dropped = (titles: readonly string[]): void => void (missing = titles);
  const reasons = ({ troubles }: Session): readonly string[] => troubles.map(({ reason }) => `! ${reason}`);
  if (sessions.length > 0 || (!stdout.isTerminal && answered > 0)) {
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
    if (sessions.length === 0 && listing.all.length > 0)
      remark(run, `none of ${count(listing.all.length, 'session')} matches`);
  }
}

const markLegend = '! troubled: looks hung or lagging, or cannot be reconnected to (--troubled: why)';

function remarkUnknownIdle(run: Run, sessions: readonly Session[]): void {
  const unknown = sessions.filter(({ idleFor }) => idleFor === null).length;
  if (unknown > 0) remark(run, `${count(unknown, 'session')} left out: the idle time is unknown`);
}
