import { findEverySession, type FoundSession } from '../../fleet/find-sessions.ts';
import { UsherError, UsherErrors } from '../../sessions/errors.ts';
import { matchesPattern } from '../../sessions/filter.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { Session } from '../../sessions/session.ts';
import { shellWord } from '../../sessions/shell-word.ts';
import { actOn } from '../acts/act.ts';
import { killProcess } from '../acts/kill-process.ts';
import type { ActOutcome } from '../acts/outcomes.ts';
import { type PatienceFlags, patienceOf, withPatienceOptions } from '../acts/simple.ts';
import type { TargetFlags } from '../acts/targets.ts';
import { count } from '../measures.ts';
import { fleetFor, inventoryFor, type Run, select } from '../run.ts';
import { type Grammar, type MicrosoftArguments, numberOf, sessionIds, wrong } from './arguments.ts';
import { microsoftCommand } from './command.ts';
import { verboseRow } from './session-act.ts';

const grammar: Grammar = {
  command: 'tskill',
  usage: '{PID | PROCESSNAME} [/server:NAME] [/id:N | /a] [/v]',
  switches: { server: 'value', id: 'value', a: 'alone', v: 'alone' },
  operands: 1,
};

/** The processes that are meant, by their pid or their name. */
interface Meant {
  readonly pid: number | null;
  readonly name: string;
  /** Null: in any session. */
  readonly sessionId: number | null;
}

function meantBy(given: MicrosoftArguments): Meant {
  const [name] = given.operands;
  if (name === undefined) throw wrong(grammar, 'no process is named');
  const sessionId = numberOf(given, 'id', grammar, sessionIds);
  const everywhere = given.switches.has('a');
  if (sessionId !== null && everywhere) throw wrong(grammar, '/id and /a cannot be together');
  const pid = /^\d{1,10}$/.test(name) ? Number(name) : null;
  if (pid === null && sessionId === null && !everywhere) {
    throw wrong(grammar, `there is no current session: say in which one ${name} is, /id:N, or /a for all`);
  }
  return { pid, name, sessionId };
}

/** By its pid, or by its name in any case and with `*` and `?`, on Windows hosts without its `.exe`. */
function isMeant({ pid, name }: Meant, process: SessionProcess, { identity }: Session): boolean {
  if (pid !== null) return process.pid === pid;
  if (matchesPattern(name, process.name)) return true;
  return identity.kind !== 'xrdp' && matchesPattern(name, process.name.replace(/\.exe$/i, ''));
}

export const tskill = microsoftCommand<TargetFlags & PatienceFlags>({
  grammar,
  summary: 'kill processes by pid or name: usher kill --pid',
  description:
    'Kills one process by its pid, or all of a name in one session (/id) or in all (/a), as `usher kill --pid` does, with the arguments of tskill. What a process has not saved is lost.',
  rows: [
    ['/id:N', 'in the session with this id'],
    ['/a', 'in all sessions: they are shown, and their number is asked for'],
    verboseRow,
  ],
  withOptions: (command) =>
    withPatienceOptions(command)
      .option('--expect-user <user>', 'refuse unless every session is this user’s')
      .option('--at-most <number>', 'refuse to act on more sessions than this (default: 25)'),
  examples: [
    ['usher tskill 4711 /server:ts01', 'one process'],
    ['usher tskill excel /id:3 /server:ts01', 'every Excel of session 3'],
  ],
  async run(run, given, flags) {
    const meant = meantBy(given);
    const { patience, settle } = patienceOf(flags);
    const { server = [] } = flags;
    const inventory = await inventoryFor(run);
    if (server.length === 0 && inventory.hosts.size > 0) {
      throw wrong(grammar, "no host is named, and none is the current one: /server:NAME, or /server:'*' for all");
    }
    const { hosts } = select(run, inventory, server);
    if (hosts.length > 1 && (meant.pid !== null || meant.sessionId !== null)) {
      const what = meant.pid !== null ? 'a pid' : 'an id';
      throw wrong(grammar, `${what} is of one host, and ${hosts.length} are meant: name it with /server:NAME`);
    }
    const inSession = ({ id, kind }: Session): boolean =>
      kind === 'user' && (meant.sessionId === null || id === meant.sessionId);
    const wanted = { passes: inSession, mostKept: hosts.length };
    await using found = await findEverySession(await fleetFor(run), hosts, wanted, run.around.signal);
    const { processes: chosen, errors } = await processesIn(run, found.sessions, meant);
    const unsearched = [...found.unsearched, ...errors];
    if (chosen.size === 0)
      throw unsearched.length > 0 ? new UsherErrors(unsearched) : nothingMeant(meant, found.sessions.length, server);
    const processesOf = (session: Session): readonly SessionProcess[] => chosen.get(session) ?? [];
    const namedBy = meant.sessionId !== null ? 'id' : meant.pid !== null ? 'pid' : 'filter';
    const sessions = found.sessions
      .filter(({ session }) => chosen.has(session))
      .map((one): FoundSession => ({ ...one, namedBy }));
    const all = [...chosen.values()].flat();
    return await actOn(run, { sessions, unsearched }, flags, {
      act: 'kill-process',
      verb: all.length === 1 ? `kill ${namesOf(all)} of` : `kill ${count(all.length, 'process', 'processes')} of`,
      plan: ({ session }) => `kill ${namesOf(processesOf(session))}, then read again`,
      async perform(one, progress) {
        const outcomes: ActOutcome[] = [];
        for (const { pid, start } of processesOf(one.session)) {
          outcomes.push(await killProcess(run, one, progress, { pid, start, patience, settle }));
        }
        return together(outcomes);
      },
    });
  },
});

const namesOf = (processes: readonly SessionProcess[]): string =>
  processes.map(({ name, pid }) => `${name} ${pid}`).join(', ');

/** The processes that are meant, by their session, and why some sessions could not be looked into. */
interface Chosen {
  readonly processes: ReadonlyMap<Session, readonly SessionProcess[]>;
  readonly errors: readonly UsherError[];
}

async function processesIn(run: Run, sessions: readonly FoundSession[], meant: Meant): Promise<Chosen> {
  const processes = new Map<Session, readonly SessionProcess[]>();
  const errors: UsherError[] = [];
  const look = async ({ host, session }: FoundSession): Promise<void> => {
    try {
      const reading = await host.use(
        (connection, signal) => connection.processes(session.identity, signal),
        run.around.signal,
      );
      const found = reading.processes.filter((process) => isMeant(meant, process, session));
      if (found.length > 0) processes.set(session, found);
      if (!reading.complete && (meant.pid === null || found.length === 0)) errors.push(hidden(session));
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      if (error.code !== 'session_changed') errors.push(error);
    }
  };
  await Promise.all(sessions.map(look));
  return { processes, errors };
}

const hidden = ({ host, id }: Session): UsherError =>
  new UsherError({ code: 'access_denied', host, message: `not every process of session ${id} can be seen` });

function nothingMeant({ pid, name, sessionId }: Meant, sessions: number, servers: readonly string[]): UsherError {
  const where = sessionId === null ? 'any session' : `session ${sessionId}`;
  const named = servers.map((server) => ` ${shellWord(`/server:${server}`)}`).join('');
  return new UsherError({
    code: 'not_found',
    message:
      sessions === 0
        ? `there is no ${sessionId === null ? 'session' : where} of a user`
        : `there is no process ${pid ?? `'${name}'`} in ${where}`,
    hint: `list them: usher qprocess '*'${named}`,
  });
}

/** What came of several kills in one session, as one outcome. */
function together(outcomes: readonly ActOutcome[]): ActOutcome {
  const [first, ...others] = outcomes;
  if (first === undefined) throw new Error('no process was killed');
  if (others.length === 0) return first;
  const worst = outcomes.find(({ outcome }) => outcome !== 'killed') ?? first;
  const someKilled = outcomes.some(({ outcome }) => outcome === 'killed');
  return {
    ...worst,
    outcome: worst.outcome !== 'killed' && someKilled ? 'failed' : worst.outcome,
    why: outcomes.map(({ why }) => why).join('; '),
    steps: outcomes.flatMap(({ steps }) => steps),
    provedAt: worst.outcome === 'killed' ? (outcomes.at(-1)?.provedAt ?? null) : null,
  };
}
