import { Command } from 'commander';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetHost } from '../fleet/inventory.ts';
import { gather, type HostOutcome, listSessions } from '../fleet/sweep.ts';
import type { HostConnection, HostReading } from '../hosts/driver.ts';
import { accountOf } from '../sessions/account.ts';
import { milliseconds, parseDuration, type Seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { type Held, heldBy, isWasted } from '../sessions/waste.ts';
import type { Session } from '../sessions/session.ts';
import { pause } from './acts/act.ts';
import { type CliCommand, type ServerFlags, serversOf, withExamples, withServerOption } from './command.ts';
import { formatKnown, simulatedAmong } from './listing-footer.ts';
import { count, formatBytes } from './measures.ts';
import { csvLine } from './printable.ts';
import {
  complain,
  exitCodeOf,
  fleetFor,
  inventoryFor,
  paintOf,
  printJson,
  remark,
  remarkNote,
  type Run,
  select,
  simulatedNotes,
} from './run.ts';
import { errorRows } from './session-json.ts';
import { notesOf } from './listing.ts';
import { renderTable, type TableColumn } from './table.ts';

interface Flags extends ServerFlags {
  readonly idleOver?: string;
  readonly sample?: string;
}

const usualIdle = '30m';
const usualSample = '2s';
const longestSample = 60;
/** How many users the table shows; JSON and CSV have all. */
const usersShown = 20;

function describe(name: string): Command {
  const command = withServerOption(new Command(name))
    .summary('what idle and disconnected sessions hold')
    .description(
      'Sums up the memory, processor time, traffic and slots that disconnected sessions, and those without input for long, hold: for each host and each user.',
    )
    .option('--idle-over <duration>', `without input for longer than this is idle (default: ${usualIdle})`)
    .option(
      '--sample <duration>',
      `how long processor and traffic are measured; 0s: not at all (default: ${usualSample})`,
    );
  return withExamples(command, [
    ['usher waste', 'of the whole inventory'],
    ['usher waste -s @rds --idle-over 2h', 'of a group, where two hours are idle'],
    ['usher waste --json', 'one document for a report'],
  ]);
}

/** What one host or user holds for nobody. */
interface WasteRow {
  readonly name: string;
  readonly held: Held;
  /** All sessions, those in use too. */
  readonly sessions: number;
  readonly slots: number | null;
}

interface Waste {
  readonly idleOver: Seconds;
  /** The same as the user wrote it. */
  readonly idleText: string;
  readonly total: WasteRow;
  readonly hosts: readonly WasteRow[];
  readonly users: readonly WasteRow[];
}

export const waste: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const idleText = flags.idleOver ?? usualIdle;
    const idleOver = parseDuration(idleText);
    const sample = sampleOf(flags.sample ?? usualSample);
    const { hosts } = select(run, await inventoryFor(run), serversOf(flags));
    const fleet = await fleetFor(run);
    const outcomes = await gather(withSample(fleet, sample), {
      hosts,
      signal: run.around.signal,
      repeatable: true,
      read: (connection, signal) => readTwice(run, connection, sample, signal),
    });
    await print(run, outcomes, { idleText, ...wasteIn(outcomes, idleOver) });
    const errors = errorsOf(outcomes);
    return exitCodeOf(outcomes.length - errors.length, errors);
  },
};

/** A host has its whole time beside the one between the readings. */
const withSample = (fleet: Fleet, sample: Seconds): Fleet => ({
  ...fleet,
  timeout: milliseconds(fleet.timeout + sample * 1000),
});

/** Rates are told between two readings. */
async function readTwice(
  run: Run,
  connection: HostConnection,
  sample: Seconds,
  signal: AbortSignal,
): Promise<HostReading> {
  const first = await listSessions(connection, signal);
  if (sample <= 0) return first;
  await pause(run, sample * 1000);
  return listSessions(connection, signal);
}

function sampleOf(text: string): Seconds {
  const sample = parseDuration(text);
  if (sample <= longestSample) return sample;
  throw new UsherError({ code: 'usage', message: `--sample takes at most ${longestSample}s` });
}

type Outcomes = readonly HostOutcome<HostReading>[];

const errorsOf = (outcomes: Outcomes): readonly UsherError[] =>
  outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));

function wasteIn(outcomes: Outcomes, idleOver: Seconds): Omit<Waste, 'idleText'> {
  const read = outcomes.flatMap((outcome) => (outcome.ok ? [{ host: outcome.host, sessions: usersOf(outcome) }] : []));
  const all = read.flatMap(({ sessions }) => sessions);
  const rowOf = (name: string, sessions: readonly Session[], slots: number | null): WasteRow => ({
    name,
    held: heldBy(sessions.filter((session) => isWasted(session, idleOver))),
    sessions: sessions.length,
    slots,
  });
  const byUser = Map.groupBy(all, (session) => accountOf(session) ?? '');
  return {
    idleOver,
    total: rowOf('', all, slotsOf(read.map(({ host }) => host))),
    hosts: read.map(({ host, sessions }) => rowOf(host.name, sessions, host.slots)).toSorted(byMemory),
    users: [...byUser]
      .map(([name, sessions]) => rowOf(name, sessions, null))
      .filter(({ held }) => held.sessions > 0)
      .toSorted(byMemory),
  };
}

const usersOf = ({ value }: Extract<HostOutcome<HostReading>, { ok: true }>): readonly Session[] =>
  value.sessions.filter(({ kind }) => kind === 'user');

/** Null where not every host says. */
function slotsOf(hosts: readonly FleetHost[]): number | null {
  return hosts.reduce<number | null>(
    (sum, { slots }) => (sum === null || slots === null ? null : sum + slots),
    hosts.length === 0 ? null : 0,
  );
}

const byMemory = (one: WasteRow, other: WasteRow): number =>
  (other.held.memoryBytes.sum ?? 0) - (one.held.memoryBytes.sum ?? 0) || other.held.sessions - one.held.sessions;

async function print(run: Run, outcomes: Outcomes, found: Waste): Promise<void> {
  const { stdout } = run.around;
  const errors = errorsOf(outcomes);
  const notes = outcomes.flatMap((outcome) => (outcome.ok ? notesOf(outcome.value) : []));
  if (run.globals.format === 'json') {
    const simulated = simulatedNotes(outcomes.map(({ host }) => host));
    const rows = { total: rowJson(found.total), hosts: found.hosts.map(rowJson), users: found.users.map(rowJson) };
    printJson(run, { idleOver: found.idleOver, ...rows, errors: errorRows(errors), notes: [...simulated, ...notes] });
    return;
  }
  if (run.globals.format === 'csv') {
    const lines = (by: string, rows: readonly WasteRow[]): string =>
      rows.map((row) => csvLine([by, ...Object.values(rowJson(row))])).join('');
    const fields = ['by', ...Object.keys(rowJson(found.total))];
    stdout.write(csvLine(fields) + lines('host', found.hosts) + lines('user', found.users));
  } else if (errors.length < outcomes.length) {
    await printTables(
      run,
      found,
      outcomes.map(({ host }) => host),
    );
  }
  for (const error of errors) complain(run, error);
  for (const note of notes) remarkNote(run, note);
}

async function printTables(
  run: Run,
  { hosts, users, total, idleText }: Waste,
  asked: readonly FleetHost[],
): Promise<void> {
  const { stdout } = run.around;
  const width = stdout.isTerminal ? (stdout.columns ?? 80) : null;
  const look = { width, paint: paintOf(run) };
  const shown = users.slice(0, usersShown);
  stdout.write(renderTable(columnsOf('HOST'), hosts, look));
  if (shown.length > 0) stdout.write(`\n${renderTable(columnsOf('USER'), shown, look)}`);
  if (users.length > shown.length) remark(run, `and ${users.length - shown.length} more users: --json has all`);
  const summary = [...simulatedAmong(asked), summaryOf(total, idleText)].join(' · ');
  if (!run.globals.quiet) stdout.write(`\n${paintOf(run)('dim', summary)}\n`);
}

/** `34 of 90 sessions are disconnected or idle for over 30m: they hold 22 GB, 41% of a core and 34 of 120 slots`. */
function summaryOf({ held, sessions, slots }: WasteRow, idleText: string): string {
  const what = `${held.sessions} of ${count(sessions, 'session')} ${held.sessions === 1 ? 'is' : 'are'} disconnected or idle for over ${idleText}`;
  if (held.sessions === 0) return what;
  const holds = [
    formatKnown(held.memoryBytes, formatBytes),
    formatKnown(held.cpuPercent, (percent) => `${Math.round(percent)}% of a core`),
    formatKnown(held.bytesPerSecond, (bytes) => `${formatBytes(bytes)}/s`),
    slots === null ? '' : `${held.sessions} of ${count(slots, 'slot')}`,
  ].filter((part) => part !== '');
  return holds.length === 0 ? what : `${what}: ${held.sessions === 1 ? 'it holds' : 'they hold'} ${holds.join(', ')}`;
}

/** A row as `--json` prints it. A sum is null where nobody told; `…Untold` is how many sessions did not. */
function rowJson({ name, held, sessions, slots }: WasteRow) {
  return {
    name: name === '' ? null : name,
    sessions,
    wasted: held.sessions,
    disconnected: held.disconnected,
    idle: held.sessions - held.disconnected,
    memoryBytes: held.memoryBytes.sum,
    memoryUntold: held.memoryBytes.untold,
    cpuPercent: held.cpuPercent.sum,
    cpuUntold: held.cpuPercent.untold,
    bytesPerSecond: held.bytesPerSecond.sum,
    bytesUntold: held.bytesPerSecond.untold,
    slots,
  };
}

function columnsOf(of: 'HOST' | 'USER'): readonly TableColumn<WasteRow>[] {
  const number = (title: string, priority: number, text: (row: WasteRow) => string) =>
    ({ title, align: 'right', priority, least: Number.POSITIVE_INFINITY, text }) as const;
  const slots = number('SLOTS', 4, ({ held, slots: all }) => (all === null ? '' : `${held.sessions} of ${all}`));
  return [
    { title: of, align: 'left', priority: 1, least: 10, cut: 'middle', text: ({ name }) => name },
    number('SESSIONS', 3, ({ sessions }) => String(sessions)),
    number('DISCONNECTED', 2, ({ held }) => String(held.disconnected)),
    number('IDLE', 2, ({ held }) => String(held.sessions - held.disconnected)),
    number('MEMORY', 1, ({ held }) => formatKnown(held.memoryBytes, formatBytes)),
    number('CPU', 3, ({ held }) => formatKnown(held.cpuPercent, (percent) => `${percent.toFixed(1)}%`)),
    number('TRAFFIC', 4, ({ held }) => formatKnown(held.bytesPerSecond, (bytes) => `${formatBytes(bytes)}/s`)),
    ...(of === 'HOST' ? [slots] : []),
  ];
}
