import { Command } from 'commander';
import { keepHost } from '../fleet/kept-host.ts';
import type { FleetHost } from '../fleet/inventory.ts';
import type { ShutdownKind } from '../hosts/administration.ts';
import { formatDuration, parseDuration, type Seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { preview, printPreview } from './acts/preview.ts';
import { confirmHosts } from './administration/confirm-hosts.ts';
import { type CountedDown, countDown, tellNot } from './administration/count-down.ts';
import { goDown, isDone, type WentDown } from './administration/going-down.ts';
import { printRows, type RowsLook } from './administration/on-hosts.ts';
import { isConnected, type PeopledHost, readPeople, told } from './administration/people.ts';
import { type CliCommand, type ServerFlags, serversOf, withAllHosts, withExamples } from './command.ts';
import { count } from './measures.ts';
import { printable } from './printable.ts';
import { complain, exitCodeOf, fleetFor, inventoryFor, remark, type Run, select } from './run.ts';

export interface ShutdownFlags extends ServerFlags {
  readonly restart?: boolean;
  readonly powerOff?: boolean;
  readonly warn?: string;
  readonly reason?: string;
  readonly patience?: string;
}

export const usualWarning = '5m';
export const usualPatience = '5m';
const longestReason = 500;
/** More hosts than this are not taken down at once. */
const mostHosts = 25;

function describe(name: string): Command {
  const command = new Command(name)
    .summary('warn everybody on a Windows host, then shut it down or restart it')
    .description(
      [
        'Every session of the host ends: programs that do not save by themselves lose their work. Whoever is connected gets a box that says when and why; whoever cannot be warned is named before anything is done. Disconnected sessions end without a warning.',
        'Ctrl-C during the warning calls it off. It is down only once it does not answer any more, and restarted once it answers with another boot time.',
      ].join('\n'),
    )
    .argument('[hosts...]', `inventory names, @groups, globs and URLs, of ${mostHosts} hosts at most`)
    .option('--restart', 'and start it again')
    .option('--power-off', 'and switch its power off')
    .option('--warn <duration>', `how long before; 0s: at once (default: ${usualWarning})`)
    .option('--reason <text>', 'why, told to the users')
    .option(
      '--patience <duration>',
      `how long it is looked at until it is down, and for a restart as long again until it is back (default: ${usualPatience})`,
    );
  return withExamples(withAllHosts(command), [
    ['usher shutdown ts01 --restart --dry-run', 'who is there, and what would be done'],
    ['usher shutdown ts01 --restart --reason "updates"', 'in five minutes'],
    ['usher shutdown ts01 --power-off --warn 30m', 'with more time'],
    ['usher shutdown --all --dry-run', `who would lose work, on at most ${mostHosts} hosts`],
  ]);
}

/** What is done to hosts that go down. */
export interface ShutdownJob {
  readonly kind: ShutdownKind;
  readonly warn: Seconds;
  readonly reason: string | null;
  readonly patience: Seconds;
}

export const shutdown: CliCommand<ShutdownFlags> = {
  describe,
  async run(run, flags) {
    const { restart = false, powerOff = false, warn = usualWarning, patience = usualPatience, reason = '' } = flags;
    const { allHosts = false } = flags;
    if (restart && powerOff) throw wrong('--restart and --power-off cannot be together');
    if (reason.length > longestReason) throw wrong(`--reason takes at most ${longestReason} characters`);
    const servers = serversOf({ server: run.words, allHosts });
    if (servers.length === 0) {
      const hint = 'name one: usher shutdown HOST, or --all';
      throw new UsherError({ code: 'usage', message: 'no host is named', hint });
    }
    return shutDownHosts(run, servers, {
      kind: restart ? 'restart' : powerOff ? 'power-off' : 'shutdown',
      warn: parseDuration(warn),
      reason: reason.trim() === '' ? null : reason,
      patience: parseDuration(patience),
    });
  },
};

const wrong = (message: string): UsherError => new UsherError({ code: 'usage', message });

const verbs: Readonly<Record<ShutdownKind, string>> = {
  shutdown: 'shut down',
  restart: 'restart',
  'power-off': 'shut down and power off',
};

/** Shows who is there, asks, warns everybody, waits, takes the hosts down and looks until they are. Answers with the exit code. */
export async function shutDownHosts(run: Run, servers: readonly string[], job: ShutdownJob): Promise<number> {
  const { hosts } = select(run, await inventoryFor(run), servers);
  if (hosts.length > mostHosts) {
    throw new UsherError({
      code: 'not_allowed',
      message: `${hosts.length} hosts were named, and at most ${mostHosts} go down at once: nothing was done`,
    });
  }
  await using kept = new AsyncDisposableStack();
  const fleet = await fleetFor(run);
  const wanted = job.kind === 'restart' ? 'restart' : 'shutdown';
  const { rows: peopled, errors } = await readPeople(
    run,
    hosts.map((host) => kept.use(keepHost(fleet, host, null))),
    wanted,
  );
  if (peopled.length === 0) return await printRows(run, { rows: [], errors }, look);
  if (run.globals.dryRun) {
    if (run.globals.format !== 'text')
      return await printRows(run, { rows: peopled.map((one) => planned(one, job)), errors }, look);
    await show(run, peopled, 'stdout');
    run.around.stdout.write(`${printable(`Nothing was done. It would ${planOf(peopled, job)}`)}.\n`);
    for (const error of errors) complain(run, error);
    return exitCodeOf(peopled.length, errors);
  }
  if (run.globals.format === 'text' && !run.globals.quiet) await show(run, peopled, 'stderr');
  for (const error of errors) if (run.globals.format !== 'json') complain(run, error);
  await confirmHosts(
    run,
    verbs[job.kind],
    peopled.map(({ host }) => host.host),
  );
  const counted = await countDown(run, peopled, { ...job, title: titleOf, text: (host) => textOf(host, job) });
  if (counted === null) return calledOff;
  return await takeDown(run, peopled, job, counted, errors);
}

/** As a shell counts a program that SIGINT ended. */
const calledOff = 130;

const titleOf = 'This computer is going down';

function textOf({ name }: FleetHost, { kind, reason }: ShutdownJob): string {
  const why = reason === null ? '' : `\n\n${reason}`;
  return `Your administrator is going to ${verbs[kind]} ${name}.${why}\n\nPlease save your work and log off.`;
}

async function show(run: Run, peopled: readonly PeopledHost[], to: 'stdout' | 'stderr'): Promise<void> {
  if (run.globals.format !== 'text') return;
  const people = peopled.flatMap((one) => one.people);
  if (people.length > 0) await printPreview(run, await preview(run, people), to);
  for (const { host, reading, people: own } of peopled) {
    const gone = own.filter(({ session }) => !isConnected(session)).length;
    const whole = reading.complete ? '' : '; not every session of it can be seen';
    remark(run, `${host.host.name}: ${count(own.length, 'user')}, ${gone} of them disconnected${whole}`);
  }
}

function planOf(peopled: readonly PeopledHost[], { kind, warn }: ShutdownJob): string {
  const hosts = peopled.map(({ host }) => host.host.name).join(', ');
  const connected = peopled.flatMap(({ people }) => people).filter(({ session }) => isConnected(session)).length;
  const warning =
    connected === 0 || warn <= 0 ? '' : `warn ${count(connected, 'user')} for ${formatDuration(warn)}, then `;
  const proof = kind === 'restart' ? 'is back' : 'does not answer';
  return `${warning}${verbs[kind]} ${hosts}, and look until it ${proof}`;
}

interface DownRow {
  readonly host: string;
  readonly act: ShutdownKind;
  readonly outcome: WentDown['outcome'] | 'planned';
  readonly why: string;
  /** By the host's own clock; null unless it restarted. */
  readonly bootedAt: Temporal.Instant | null;
  /** How many users were on it. */
  readonly users: number;
  /** Who was connected and could not be warned, each with why. */
  readonly unwarned: readonly string[];
  readonly did: readonly string[];
}

const planned = (one: PeopledHost, job: ShutdownJob): DownRow => ({
  host: one.host.host.name,
  act: job.kind,
  outcome: 'planned',
  why: planOf([one], job),
  bootedAt: null,
  users: one.people.length,
  unwarned: [],
  did: [],
});

async function takeDown(
  run: Run,
  peopled: readonly PeopledHost[],
  { kind, patience }: ShutdownJob,
  { unwarned, warned }: CountedDown,
  before: readonly UsherError[],
): Promise<number> {
  const outcomes = await Promise.all(
    peopled.map(async ({ host, people }): Promise<DownRow | UsherError> => {
      const { name } = host.host;
      try {
        const { did, ...came } = await goDown(run, host, kind, patience);
        return { host: name, act: kind, ...came, users: people.length, unwarned: unwarned.get(name) ?? [], did };
      } catch (error) {
        if (!(error instanceof UsherError)) throw error;
        await tellNot(
          run,
          warned.filter((found) => found.host === host),
        );
        return error;
      }
    }),
  );
  const { rows, errors } = told(outcomes);
  const all = run.globals.format === 'json' ? [...before, ...errors] : errors;
  const code = await printRows(run, { rows, errors: all }, look);
  const failed = before.length > 0 || rows.some(({ outcome }) => !isDone(kind, outcome));
  return code === 0 && failed ? 1 : code;
}

const look: RowsLook<DownRow> = {
  key: 'hosts',
  fields: ['host', 'act', 'outcome', 'why', 'bootedAt', 'users', 'unwarned', 'did'],
  columns: [
    { title: 'HOST', align: 'left', priority: 1, least: 12, cut: 'middle', text: ({ host }) => host },
    {
      title: 'OUTCOME',
      align: 'left',
      priority: 1,
      least: 8,
      text: ({ outcome }) => outcome,
      style: ({ act, outcome }) => (outcome === 'planned' || isDone(act, outcome) ? 'green' : 'yellow'),
    },
    { title: 'WHY', align: 'left', priority: 1, least: 20, text: ({ why }) => why },
    { title: 'USERS', align: 'right', priority: 3, least: 5, text: ({ users }) => String(users) },
    { title: 'UNWARNED', align: 'right', priority: 2, least: 8, text: ({ unwarned }) => String(unwarned.length) },
  ],
};
