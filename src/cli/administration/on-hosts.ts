import type { FleetHost } from '../../fleet/inventory.ts';
import { gather } from '../../fleet/sweep.ts';
import type { HostConnection } from '../../hosts/driver.ts';
import { UsherError } from '../../sessions/errors.ts';
import { csvLine } from '../printable.ts';
import { complain, exitCodeOf, fleetFor, paintOf, printJson, type Run } from '../run.ts';
import { errorRows } from '../session-json.ts';
import { renderTable, type TableColumn } from '../table.ts';

/** What several hosts answered, in their order. */
export interface Gathered<T> {
  readonly rows: readonly T[];
  readonly errors: readonly UsherError[];
}

type OnHost<T> = (connection: HostConnection, signal: AbortSignal) => Promise<T>;

/** Asks hosts, each within its time-out; one that fails is an error, and nobody else's. */
export const askHosts = <T>(run: Run, hosts: readonly FleetHost[], read: OnHost<T>): Promise<Gathered<T>> =>
  gatherFrom(run, hosts, run.around.signal, read);

const never = new AbortController().signal;

/** The same for what changes them: Ctrl-C leaves alone what is not begun, and what was done is told all the same. */
export function changeHosts<T>(run: Run, hosts: readonly FleetHost[], change: OnHost<T>): Promise<Gathered<T>> {
  const called = run.around.signal;
  return gatherFrom(run, hosts, never, (connection, signal) => {
    if (called.aborted) throw calledOff();
    return change(connection, signal);
  });
}

const calledOff = (): UsherError =>
  new UsherError({ code: 'not_allowed', message: 'it was called off: nothing was done' });

async function gatherFrom<T>(
  run: Run,
  hosts: readonly FleetHost[],
  signal: AbortSignal,
  read: OnHost<T>,
): Promise<Gathered<T>> {
  const outcomes = await gather(await fleetFor(run), { hosts, signal, read });
  return {
    rows: outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : [])),
    errors: outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error])),
  };
}

/** How rows are printed: by what key in JSON, with which fields there and in CSV, in which columns. */
export interface RowsLook<Row extends object> {
  readonly key: string;
  readonly fields: readonly (keyof Row & string)[];
  readonly columns: readonly TableColumn<Row>[];
}

/** Prints what hosts answered, and why others did not; answers with the exit code. */
export async function printRows<Row extends object>(
  run: Run,
  { rows, errors }: Gathered<Row>,
  { key, fields, columns }: RowsLook<Row>,
): Promise<number> {
  const { stdout } = run.around;
  if (run.globals.format === 'json') {
    printJson(run, { [key]: rows, errors: errorRows(errors) });
    return exitCodeOf(rows.length, errors);
  }
  if (run.globals.format === 'csv') {
    stdout.write(csvLine(fields) + rows.map((row) => csvLine(fields.map((field) => textOf(row[field])))).join(''));
  } else if (rows.length > 0) {
    const width = stdout.isTerminal ? (stdout.columns ?? 80) : null;
    stdout.write(renderTable(columns, rows, { width, paint: paintOf(run) }));
  }
  for (const error of errors) complain(run, error);
  return exitCodeOf(rows.length, errors);
}

/** A field of a CSV line: several lines of a report are one field. */
function textOf(value: unknown): string | number | boolean | null {
  if (Array.isArray(value)) return value.join('; ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
