import { Command } from 'commander';
import { gather, listSessionsOnce } from '../fleet/sweep.ts';
import type { SessionFilter } from '../sessions/filter.ts';
import { type CliCommand, type ServerFlags, serversOf, withExamples, withServerOption } from './command.ts';
import { filterOf, type FilterFlags, withFilterOptions } from './filter-options.ts';
import { rememberShown } from './memory.ts';
import { exitCodeOf, fleetFor, inventoryFor, select } from './run.ts';
import { bySessionColumn, type ColumnName, columnNamed, columnNames, parseColumns } from './session-columns.ts';
import { collectListing, printListing } from './session-listing.ts';

interface Flags extends ServerFlags, FilterFlags {
  readonly columns?: string;
  readonly sort?: string;
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
    .option('--sort <column>', 'order by this column; with a hyphen before it from the largest: -memoryBytes, -MEMORY');
  return withExamples(command, [
    ['usher sessions', 'every session of the inventory'],
    [String.raw`usher sessions -s 'windows://CORP\anna@ts01'`, 'of a Windows host by its URL'],
    ['usher sessions -s ssh://root@xh1 -s @rds', 'of a Linux host by its URL, and of a group'],
    ['usher sessions --state disconnected --idle-over 2h', 'who left two hours ago and holds memory'],
    ['usher sessions --troubled', 'what looks hung or lagging, and why'],
    ['usher sessions --sort -memoryBytes --columns host,user,memoryBytes', 'who holds most memory'],
    ['usher sessions --json', 'one document for scripts'],
  ]);
}

function parse(flags: Flags): Options {
  return {
    servers: serversOf(flags),
    filter: filterOf(flags),
    columns: flags.columns === undefined ? null : parseColumns(flags.columns),
    order: flags.sort === undefined ? null : orderOf(flags.sort),
  };
}

function orderOf(text: string): Order {
  const descending = text.startsWith('-');
  return { column: columnNamed(descending ? text.slice(1) : text), descending };
}

export const sessions: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const { servers, filter, columns, order } = parse(flags);
    const inventory = await inventoryFor(run);
    const { hosts, assumed } = select(run, inventory, servers);
    const fleet = await fleetFor(run);
    const outcomes = await gather(fleet, {
      hosts,
      signal: run.around.signal,
      read: listSessionsOnce,
      repeatable: true,
    });
    const listing = collectListing(outcomes, filter, inventory);
    const sessions =
      order === null ? listing.sessions : listing.sessions.toSorted(bySessionColumn(order.column, order.descending));
    // Nobody asked for this machine: what it lacks to be a session host is no news there.
    const isNone = assumed && sessions.length === 0 && listing.notes.some(({ code }) => code === 'sesman-not-running');
    const notes = isNone && run.globals.format === 'text' ? [] : listing.notes;
    await printListing(
      run,
      { ...listing, sessions, notes },
      { columns, reasons: filter.troubled, kinds: filter.allKinds, idle: filter.idleOver !== null },
    );
    await rememberShown(run, hosts, sessions);
    return exitCodeOf(listing.answered, listing.errors);
  },
};
