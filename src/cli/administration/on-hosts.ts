import { untilAborted } from '../../fleet/deadline.ts';
import { closeLate, type Fleet } from '../../fleet/fleet.ts';
import type { FleetHost } from '../../fleet/inventory.ts';
import { gather } from '../../fleet/sweep.ts';
import type { HostConnection, HostDriver } from '../../hosts/driver.ts';
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
export const askHosts = async <T>(run: Run, hosts: readonly FleetHost[], read: OnHost<T>): Promise<Gathered<T>> =>
  gatherFrom(await fleetFor(run), hosts, run.around.signal, read);

const never = new AbortController().signal;

/** What changes a host: it is looked at first, and then changed by what was seen. */
export interface HostChange<Seen, T> {
  readonly look: (connection: HostConnection, signal: AbortSignal) => Promise<Seen>;
  readonly change: (connection: HostConnection, seen: Seen, signal: AbortSignal) => Promise<T>;
}

/**
 * The same for what changes them. Ctrl-C ends connecting and looking, and calls off every host that is not being changed; a change that was
 * begun is not left in the middle, and what was done is told all the same.
 */
export async function changeHosts<Seen, T>(
  run: Run,
  hosts: readonly FleetHost[],
  { look, change }: HostChange<Seen, T>,
): Promise<Gathered<T>> {
  const called = run.around.signal;
  const fleet = await fleetFor(run);
  const drivers = fleet.drivers.map((driver) => connectingUntil(called, driver));
  return gatherFrom({ ...fleet, drivers }, hosts, never, async (connection, signal) => {
    const until = AbortSignal.any([signal, called]);
    const seen = await unlessCalledOff(called, () => untilAborted(look(connection, until), called));
    if (called.aborted) throw calledOff();
    return await change(connection, seen, signal);
  });
}

const connectingUntil = (called: AbortSignal, driver: HostDriver): HostDriver => ({
  schemes: driver.schemes,
  examine: (host, credential, signal) => driver.examine(host, credential, signal),
  connect: (host, credential, signal) =>
    unlessCalledOff(called, async () => {
      const connecting = driver.connect(host, credential, AbortSignal.any([signal, called]));
      try {
        return await untilAborted(connecting, called);
      } catch (error) {
        closeLate(connecting);
        throw error;
      }
    }),
});

/** Does not begin once it is called off; what fails after that failed for that reason. */
async function unlessCalledOff<T>(called: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (called.aborted) throw calledOff();
  try {
    return await work();
  } catch (error) {
    throw called.aborted ? calledOff() : error;
  }
}

const calledOff = (): UsherError =>
  new UsherError({ code: 'not_allowed', message: 'it was called off: nothing was done' });

async function gatherFrom<T>(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  signal: AbortSignal,
  read: OnHost<T>,
): Promise<Gathered<T>> {
  const outcomes = await gather(fleet, { hosts, signal, read });
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
