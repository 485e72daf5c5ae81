import { isUser } from '../../sessions/account.ts';
import { looksLikeKey } from '../../sessions/identity.ts';
import { errorCodes, UsherError } from '../../sessions/errors.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { Session } from '../../sessions/session.ts';
import type { ServerFlags } from '../command.ts';
import { rememberShown } from '../memory.ts';
import { csvLine, printable } from '../printable.ts';
import { processCsvFields, processJson, processes as ofOneSession } from '../processes.ts';
import { complain, exitCodeOf, printJson, remarkNote, type Run } from '../run.ts';
import { errorRows, sessionJson } from '../session-json.ts';
import { type Grammar, type MicrosoftArguments, numberOf, sessionIds, wrong } from './arguments.ts';
import { left, right } from './columns.ts';
import { microsoftCommand } from './command.ts';
import { isMeant, printTables } from './listing.ts';
import { type ProcessesOfHosts, readSessionProcesses, type SessionProcesses } from './session-processes.ts';

const grammar: Grammar = {
  command: 'qprocess',
  usage: '{* | PID | USERNAME | SESSIONNAME | /id:N | PROGRAM} [/server:NAME]',
  switches: { server: 'value', id: 'value' },
  operands: 1,
};

/** Which processes are wanted: of these sessions, and of them these. */
interface Wanted {
  readonly session: (session: Session) => boolean;
  readonly process: (process: SessionProcess, session: Session) => boolean;
}

const all = (): boolean => true;

/** What the operand may mean, what goes before the other first. */
function wantedOf(given: MicrosoftArguments): readonly Wanted[] {
  const [operand] = given.operands;
  const id = numberOf(given, 'id', grammar, sessionIds);
  const session = id === null ? all : (one: Session): boolean => one.id === id;
  if (operand === undefined && id === null) {
    throw wrong(grammar, 'there is no current session: name a user, a session, a program, a pid, or * for all');
  }
  if (operand === undefined || operand === '*') return [{ session, process: all }];
  if (/^\d{1,10}$/.test(operand)) return [{ session, process: ({ pid }) => pid === Number(operand) }];
  const program: Wanted = { session, process: ({ name }) => name.toLowerCase() === operand.toLowerCase() };
  const ofUser: Wanted = { session: (one) => session(one) && isUser(one, operand), process: isOwn };
  const ofSession: Wanted = {
    session: (one) => session(one) && !isUser(one, operand) && isMeant(one, operand),
    process: all,
  };
  return /\.exe$/i.test(operand) ? [program] : [ofUser, ofSession, program];
}

/** Whether it is not known to be somebody else's than the session's user, such as SYSTEM's. */
const isOwn = ({ user }: SessionProcess, session: Session): boolean => user === null || isUser(session, bare(user));

const bare = (user: string): string => user.slice(user.lastIndexOf('\\') + 1);

/** What the first meaning that means anything finds. */
function chosen(read: ProcessesOfHosts, meanings: readonly Wanted[]): readonly SessionProcesses[] {
  for (const { session: passes, process } of meanings) {
    const found = read.sessions
      .filter(({ session }) => passes(session))
      .map(({ session, processes }) => ({ session, processes: processes.filter((one) => process(one, session)) }))
      .filter(({ processes }) => processes.length > 0);
    if (found.length > 0) return found;
  }
  return [];
}

export const qprocess = microsoftCommand<ServerFlags>({
  grammar,
  summary: 'list processes in the columns of qprocess',
  description:
    "Lists processes as qprocess (query process) does, in Microsoft's columns: of a user (his own, not those of SYSTEM in his sessions), of a session by name or /id, of a program, of one pid, or of all (*). A user or session goes before a program of the same name.",
  rows: [['/id:N', 'of the session with this id']],
  examples: [
    ['usher qprocess /id:2 /server:ts01', 'what runs in session 2 of ts01'],
    ['usher query process excel.exe /server:ts01', 'who runs it there'],
  ],
  async run(run, given, flags) {
    const [operand = ''] = given.operands;
    if (/[@:]/.test(operand.slice(1)) || looksLikeKey(operand))
      return ofOneSession.run({ ...run, words: [operand] }, flags);
    const meanings = wantedOf(given);
    const passes = (session: Session): boolean => meanings.some((wanted) => wanted.session(session));
    const read = await readSessionProcesses(run, flags.server ?? [], passes);
    const found = chosen(read, meanings);
    const isMissing = found.length === 0 && read.answered > 0 && read.errors.length === 0;
    const message = `No Process exists for ${operand || '*'}`;
    const missing = isMissing ? [new UsherError({ code: 'not_found', message })] : [];
    print(run, { ...read, sessions: found, errors: [...read.errors, ...missing] });
    await rememberShown(
      run,
      read.hosts,
      found.map(({ session }) => session),
    );
    return isMissing ? errorCodes.not_found : exitCodeOf(read.answered, read.errors);
  },
});

const header = ' USERNAME              SESSIONNAME         ID    PID  IMAGE';

interface Row {
  readonly session: Session;
  readonly process: SessionProcess;
}

function rowOf({ session, process }: Row): string {
  const user = process.user === null ? '(unknown)' : bare(process.user);
  return [
    ` ${left(user, 20)}`,
    left(session.name, 16),
    right(session.id, 4),
    right(process.pid, 5),
    printable(process.name),
  ].join('  ');
}

function print(run: Run, { hosts, sessions, errors, notes }: ProcessesOfHosts): void {
  if (run.globals.format === 'json') {
    const rows = sessions.map(({ session, processes }) => ({
      session: sessionJson(session),
      processes: processes.map(processJson),
    }));
    return printJson(run, { sessions: rows, errors: errorRows(errors), notes });
  }
  const rows = sessions.flatMap(({ session, processes }) => processes.map((process): Row => ({ session, process })));
  if (run.globals.format === 'csv') {
    const lines = rows.map(({ session: { host, id }, process }) =>
      csvLine([host, id, ...Object.values(processJson(process))]),
    );
    run.around.stdout.write(csvLine(['host', 'id', ...processCsvFields]) + lines.join(''));
  } else {
    printTables(
      run,
      Map.groupBy(rows, ({ session }) => session.host),
      hosts.length,
      header,
      rowOf,
    );
  }
  for (const error of errors) complain(run, error);
  for (const note of notes) remarkNote(run, note);
}
