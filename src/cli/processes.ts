import { Command } from 'commander';
import { findSessions, type FoundSession } from '../fleet/find-sessions.ts';
import type { ProcessReading } from '../hosts/driver.ts';
import { accountOf } from '../sessions/account.ts';
import { labelled, type UsherError } from '../sessions/errors.ts';
import { formatDuration } from '../sessions/duration.ts';
import type { SessionProcess } from '../sessions/process.ts';
import { type CliCommand, type ServerFlags, serversOf, withExamples, withServerOption } from './command.ts';
import { count, formatBytes, formatInstant } from './measures.ts';
import { rememberShown } from './memory.ts';
import { csvLine } from './printable.ts';
import {
  complain,
  fleetFor,
  inventoryFor,
  paintOf,
  printJson,
  remark,
  remarkNote,
  type Run,
  simulatedNotes,
} from './run.ts';
import { errorRows, sessionJson } from './session-json.ts';
import { notesOf } from './listing.ts';
import { searchOf, sessionForms } from './sessions-named.ts';
import { renderTable, type TableColumn } from './table.ts';

function describe(name: string): Command {
  const command = withServerOption(new Command(name))
    .summary("list a session's processes")
    .description("Lists the processes of one session, with what they use, the session manager's own among them.")
    .argument('<session>', sessionForms);
  return withExamples(command, [
    ['usher processes ts01:10', 'of session 10 of the host ts01 of the inventory'],
    ['usher processes alice@ts01', "of alice's session there"],
    [String.raw`usher processes 10 -s 'windows://CORP\anna@ts02'`, 'of session 10 of a host named by its URL'],
    ['usher processes alice --json', 'of alice, wherever in the inventory she is'],
  ]);
}

export const processes: CliCommand<ServerFlags> = {
  describe,
  async run(run, flags) {
    const inventory = await inventoryFor(run);
    const [text = ''] = run.words;
    const fleet = await fleetFor(run);
    const search = searchOf(run, inventory, serversOf(flags));
    await using found = await findSessions(fleet, [text], search, run.around.signal);
    const [only] = found.sessions;
    if (only === undefined) return 1;
    const { identity } = only.session;
    const reading = await only.host.use(
      (connection, signal) => connection.processes(identity, signal),
      run.around.signal,
    );
    await print(run, only, found.unsearched, reading);
    await rememberShown(run, [only.host.host], [only.session]);
    return found.unsearched.length > 0 ? 1 : 0;
  },
};

async function print(
  run: Run,
  { host, session }: FoundSession,
  unsearched: readonly UsherError[],
  reading: ProcessReading,
): Promise<void> {
  const { stdout, timeZone } = run.around;
  const notes = notesOf({ ...reading, host: session.host });
  if (run.globals.format === 'json') {
    const rows = reading.processes.map(processJson);
    printJson(run, {
      session: sessionJson(session),
      processes: rows,
      errors: errorRows(unsearched),
      notes: [...simulatedNotes([host.host]), ...notes],
    });
    return;
  }
  const now = run.around.now();
  if (run.globals.format === 'csv') {
    const rows = reading.processes.map((process) => csvLine(Object.values(processJson(process))));
    stdout.write(csvLine(processCsvFields) + rows.join(''));
  } else {
    const who = accountOf(session) ?? 'nobody';
    remark(run, labelled(session.host, `session ${session.id} of ${who}, ${session.state ?? 'state unknown'}`));
    const width = stdout.isTerminal ? (stdout.columns ?? 80) : null;
    stdout.write(renderTable(columnsAt(now, timeZone), reading.processes, { width, paint: paintOf(run) }));
    if (stdout.isTerminal && !run.globals.quiet) {
      stdout.write(`\n${paintOf(run)('dim', footer(reading.processes))}\n`);
    }
  }
  for (const error of unsearched) complain(run, error);
  for (const note of notes) remarkNote(run, note);
}

/** A process as `--json` prints it. */
export function processJson(process: SessionProcess) {
  return {
    pid: process.pid,
    parentPid: process.parentPid,
    user: process.user,
    name: process.name,
    role: process.role,
    state: process.state,
    cpuPercent: process.cpuPercent,
    cpuTime: process.cpuTime,
    memoryBytes: process.memoryBytes,
    startedAt: process.startedAt?.toString() ?? null,
    start: process.start,
    command: process.command,
  };
}

/** The columns of a process in CSV. */
export const processCsvFields = [
  'pid',
  'parentPid',
  'user',
  'name',
  'role',
  'state',
  'cpuPercent',
  'cpuTime',
  'memoryBytes',
  'startedAt',
  'start',
  'command',
] as const satisfies readonly (keyof ReturnType<typeof processJson>)[];

function columnsAt(now: Temporal.Instant, timeZone: string): readonly TableColumn<SessionProcess>[] {
  const whole = Number.POSITIVE_INFINITY;
  const left = (title: string, priority: number, least: number, text: (row: SessionProcess) => string | null) =>
    ({ title, align: 'left', priority, least, text: (row: SessionProcess) => text(row) ?? '' }) as const;
  const right = (title: string, priority: number, text: (row: SessionProcess) => string) =>
    ({ title, align: 'right', priority, least: whole, text }) as const;
  return [
    right('PID', 1, ({ pid }) => String(pid)),
    right('PARENT', 5, ({ parentPid }) => String(parentPid ?? '')),
    left('USER', 4, 8, ({ user }) => user),
    left('NAME', 1, 10, ({ name }) => name),
    left('ROLE', 3, whole, ({ role }) => role),
    { ...left('STATE', 3, whole, ({ state }) => state), style: ({ state }) => (state === 'stopped' ? 'red' : null) },
    right('CPU', 2, ({ cpuPercent }) => (cpuPercent === null ? '' : `${cpuPercent.toFixed(1)}%`)),
    right('CPU TIME', 6, ({ cpuTime }) => (cpuTime === null ? '' : formatDuration(cpuTime))),
    right('MEMORY', 2, ({ memoryBytes }) => (memoryBytes === null ? '' : formatBytes(memoryBytes))),
    right('STARTED', 5, ({ startedAt }) => (startedAt === null ? '' : formatInstant(startedAt, now, timeZone))),
    left('COMMAND', 4, 12, ({ command }) => command),
  ];
}

function footer(processes: readonly SessionProcess[]): string {
  const known = processes.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  const bytes = formatBytes(known.reduce((sum, one) => sum + one, 0));
  const memory = known.length === 0 ? '' : ` hold ${known.length < processes.length ? 'at least ' : ''}${bytes}`;
  return `${count(processes.length, 'process', 'processes')}${memory}`;
}
