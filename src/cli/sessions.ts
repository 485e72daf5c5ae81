import { Command } from 'commander';
import { gather, listSessionsOnce, type SweepWork } from '../fleet/sweep.ts';
import type { HostReading } from '../hosts/driver.ts';
import { UsherError } from '../sessions/errors.ts';
import type { SessionFilter } from '../sessions/filter.ts';
import { type CliCommand, type ServerFlags, serversOf, withExamples, withServerOption } from './command.ts';
import { filterOf, type FilterFlags, withFilterOptions } from './filter-options.ts';
import { rememberShown } from './memory.ts';
import { exitCodeOf, fleetFor, inventoryFor, type Run, select } from './run.ts';
import { bySessionColumn, type ColumnName, columnNamed, columnNames, parseColumns } from './session-columns.ts';
import { collectListing } from './listing.ts';
import { type ListingLook, printListing } from './session-listing.ts';
import { streamListing } from './session-stream.ts';

interface Flags extends ServerFlags, FilterFlags {
  readonly columns?: string;
  readonly sort?: string;
  readonly stream?: boolean;
}

interface Order {
  readonly column: ColumnName;
  readonly descending: boolean;
}

interface Options {
  readonly servers: readonly string[];
  readonly filter: SessionFilter;
  readonly columns: readonly ColumnName[] | null;
  readonly order: Order | null;
  /** Whether each host is told as soon as it answers. */
  readonly stream: boolean;
}

function describe(name: string): Command {
  const command = withFilterOptions(withServerOption(new Command(name)), 'only sessions')
    .summary('list the sessions of hosts')
    .description(
      'Lists the sessions of the named hosts, or of the whole inventory. A host that does not answer is one line on standard error while the others list.',
    )
    .option(
      '--troubled',
      'only troubled sessions, which the list marks with !: they look hung or lagging, or nobody can reconnect to them; each with its reason',
    )
    .option(
      '--all-kinds',
      "also what is nobody's session: Windows' services, its console where nobody is logged on, and listeners",
    )
    .option(
      '--columns <names>',
      `what to show, in this order, by these names or by their headings, joined by commas: ${columnNames.join(', ')}`,
    )
    .option('--sort <column>', 'order by this column; with a hyphen before it from the largest: -memoryBytes, -MEMORY')
    .option('--stream', 'each host as soon as it answers: with --csv its rows, with --json a document a line');
  return withExamples(command, [
    ['usher sessions', 'every session of the inventory'],
    [String.raw`usher sessions -s 'windows://CORP\anna@ts01'`, 'of a Windows host by its URL'],
    ['usher sessions -s ssh://root@xh1 -s @rds', 'of a Linux host by its URL, and of a group'],
    ['usher sessions --state disconnected --idle-over 2h', 'who left two hours ago and holds memory'],
    ['usher sessions --troubled', 'what looks hung or lagging, and why'],
    ['usher sessions --sort -memoryBytes --columns host,user,memoryBytes', 'who holds most memory'],
    ['usher sessions --json', 'one document for scripts'],
    ['usher sessions --all --csv --stream > sessions.csv', 'of hundreds of hosts, as they answer'],
  ]);
}

function parse({ globals }: Run, flags: Flags): Options {
  const stream = flags.stream ?? false;
  if (stream && globals.format === 'text') throw usage('--stream is for --csv and --json');
  if (stream && flags.sort !== undefined) throw usage('--sort waits for every host, and --stream for none');
  return {
    stream,
    servers: serversOf(flags),
    filter: filterOf(flags),
    columns: flags.columns === undefined ? null : parseColumns(flags.columns),
    order: flags.sort === undefined ? null : orderOf(flags.sort),
  };
}

const usage = (message: string): UsherError => new UsherError({ code: 'usage', message });

function orderOf(text: string): Order {
  const descending = text.startsWith('-');
  return { column: columnNamed(descending ? text.slice(1) : text), descending };
}

export const sessions: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const { servers, filter, columns, order, stream } = parse(run, flags);
    const inventory = await inventoryFor(run);
    const { hosts, assumed } = select(run, inventory, servers);
    const fleet = await fleetFor(run);
    const work: SweepWork<HostReading> = { hosts, signal: run.around.signal, read: listSessionsOnce, repeatable: true };
    const look: ListingLook = {
      columns,
      reasons: filter.troubled,
      kinds: filter.allKinds,
      idle: filter.idleOver !== null,
    };
    if (stream) return streamListing(run, { fleet, work, filter, inventory, look });
    const outcomes = await gather(fleet, work);
    const listing = collectListing(outcomes, filter, inventory);
    const sessions =
      order === null ? listing.sessions : listing.sessions.toSorted(bySessionColumn(order.column, order.descending));
    // Nobody asked for this machine: what it lacks to be a session host is no news there.
    const isNone = assumed && sessions.length === 0 && listing.notes.some(({ code }) => code === 'sesman-not-running');
    const notes = isNone && run.globals.format === 'text' ? [] : listing.notes;
    await printListing(run, { ...listing, sessions, notes }, look);
    await rememberShown(run, hosts, sessions);
    return exitCodeOf(listing.answered, listing.errors);
  },
};
