import { Command } from 'commander';
import { gather, type HostOutcome } from '../fleet/sweep.ts';
import type { HostReading } from '../hosts/driver.ts';
import { type CliCommand, type ServerFlags, serversOf, withAllHosts, withExamples } from './command.ts';
import { count } from './measures.ts';
import { csvLine } from './printable.ts';
import {
  complain,
  exitCodeOf,
  fleetFor,
  inventoryFor,
  paintOf,
  printJson,
  remarkNote,
  type Run,
  select,
} from './run.ts';
import { errorRows } from './session-json.ts';
import { notesOf } from './listing.ts';
import { renderTable, type TableColumn } from './table.ts';

function describe(name: string): Command {
  const command = new Command(name)
    .summary('try to reach hosts and read their sessions')
    .description(
      'Logs on to the hosts, reads their sessions once, and says what works, how long it took and what is missing.',
    )
    .argument('[hosts...]', 'inventory names, @groups, globs and URLs; the whole inventory without them');
  return withExamples(withAllHosts(command), [
    ['usher hosts test', 'the whole inventory'],
    ['usher hosts test ts01 ssh://root@192.0.2.7', 'two hosts, one of them by its URL'],
  ]);
}

interface Tested {
  readonly host: string;
  readonly ok: boolean;
  readonly sessions: number | null;
  /** One reading on the connection that stands. */
  readonly milliseconds: number | null;
  readonly result: string;
}

export const hostsTest: CliCommand<ServerFlags> = {
  describe,
  async run(run, { allHosts = false }) {
    const named = serversOf({ server: run.words, allHosts });
    const { hosts } = select(run, await inventoryFor(run), named);
    const fleet = await fleetFor(run);
    const outcomes = await gather(fleet, {
      hosts,
      signal: run.around.signal,
      async read(connection, signal) {
        const before = run.around.now();
        const reading = await connection.list(signal);
        return { reading, milliseconds: run.around.now().epochMilliseconds - before.epochMilliseconds };
      },
    });
    await print(run, outcomes);
    const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
    return exitCodeOf(outcomes.length - errors.length, errors);
  },
};

type TestOutcome = HostOutcome<{ readonly reading: HostReading; readonly milliseconds: number }>;

async function print(run: Run, outcomes: readonly TestOutcome[]): Promise<void> {
  const { stdout } = run.around;
  const rows = outcomes.map(testedOf);
  const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  const notes = outcomes.flatMap((outcome) => (outcome.ok ? notesOf(outcome.value.reading) : []));
  if (run.globals.format === 'json') {
    const hosts = rows.map(({ host, ok, sessions, milliseconds }) => ({ host, ok, sessions, milliseconds }));
    printJson(run, { hosts, errors: errorRows(errors), notes });
    return;
  }
  if (run.globals.format === 'csv') {
    const lines = rows.map((row) => csvLine([row.host, row.ok, row.sessions, row.milliseconds, row.result]));
    stdout.write(csvLine(['host', 'ok', 'sessions', 'milliseconds', 'result']) + lines.join(''));
  } else {
    const width = stdout.isTerminal ? (stdout.columns ?? 80) : null;
    stdout.write(renderTable(columns, rows, { width, paint: paintOf(run) }));
  }
  for (const error of errors) complain(run, error);
  for (const note of notes) remarkNote(run, note);
}

function testedOf(outcome: TestOutcome): Tested {
  const host = outcome.host.name;
  if (!outcome.ok) return { host, ok: false, sessions: null, milliseconds: null, result: outcome.error.code };
  const { reading, milliseconds } = outcome.value;
  const result = reading.notes.length === 0 ? 'ok' : `ok, ${count(reading.notes.length, 'note')}`;
  return {
    host,
    ok: true,
    sessions: reading.sessions.filter(({ kind }) => kind === 'user').length,
    milliseconds,
    result,
  };
}

const columns: readonly TableColumn<Tested>[] = [
  { title: 'HOST', align: 'left', priority: 1, least: 12, cut: 'middle', text: ({ host }) => host },
  {
    title: 'RESULT',
    align: 'left',
    priority: 1,
    least: 16,
    text: ({ result }) => result,
    style: ({ ok }) => (ok ? 'green' : 'red'),
  },
  { title: 'SESSIONS', align: 'right', priority: 2, least: 8, text: ({ sessions }) => String(sessions ?? '') },
  {
    title: 'ANSWER',
    align: 'right',
    priority: 3,
    least: 8,
    text: ({ milliseconds }) => (milliseconds === null ? '' : `${milliseconds} ms`),
  },
];
