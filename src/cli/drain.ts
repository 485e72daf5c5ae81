import { Command } from 'commander';
import type { FleetHost, Inventory } from '../fleet/inventory.ts';
import { selectHosts } from '../fleet/selection.ts';
import type { LogonMode } from '../hosts/administration.ts';
import { UsherError } from '../sessions/errors.ts';
import { administered } from './administration/administered.ts';
import { confirmHosts } from './administration/confirm-hosts.ts';
import { askHosts, changeHosts, printRows, type RowsLook } from './administration/on-hosts.ts';
import { type CliCommand, type ServerFlags, serversOf, withAllHosts, withExamples } from './command.ts';
import { inventoryFor, type Run, select } from './run.ts';

/** What `usher drain HOST` takes, which mode that is, and what Microsoft's `change logon` calls it. */
const drainModes = {
  on: { mode: 'drain', microsoft: '/drain' },
  'until-restart': { mode: 'drain-until-restart', microsoft: '/drainuntilrestart' },
  off: { mode: 'on', microsoft: '/enable' },
  'no-logons': { mode: 'off', microsoft: '/disable' },
} as const satisfies Record<string, { readonly mode: LogonMode; readonly microsoft: string }>;

type DrainWord = keyof typeof drainModes;
export const drainModeNames: readonly string[] = Object.keys(drainModes);

/** The word by which a mode is set, and by which it is told. */
const drainWords: Readonly<Record<LogonMode, DrainWord>> = {
  on: 'off',
  drain: 'on',
  'drain-until-restart': 'until-restart',
  off: 'no-logons',
};

/** What a mode means to people. */
export const logonModes: Readonly<Record<LogonMode, string>> = {
  on: 'everybody may log on',
  drain: 'nobody new; who has a session may reconnect',
  'drain-until-restart': 'nobody new until the host restarts; who has a session may reconnect',
  off: 'nobody may log on, nor reconnect',
};

function describe(name: string): Command {
  const words = Object.entries(drainModes).map(
    ([word, { mode, microsoft }]) => `${word}: ${logonModes[mode]} (change logon ${microsoft})`,
  );
  const command = new Command(name)
    .summary('keep new users off Windows hosts, or let them in again')
    .description(
      [
        'Tells who may log on to Windows hosts (change logon /query), and sets it:',
        ...words,
        'Sessions that are there go on. The mode is two values of the registry, and is read again once they are written.',
      ].join('\n'),
    )
    .usage('[options] [hosts...] [mode]')
    .argument(
      '[hosts...]',
      `inventory names, @groups, globs and URLs, and last the mode: ${drainModeNames.join(', ')}; left out: tell what it is`,
    );
  return withExamples(withAllHosts(command), [
    ['usher drain ts01', 'what it is now'],
    ['usher drain ts01 until-restart', 'before updates'],
    ['usher drain ts01 ts02 on', 'two hosts'],
    ['usher drain @rds off', 'everybody may log on again'],
    ['usher drain --all', 'which hosts let nobody in'],
  ]);
}

export const drain: CliCommand<ServerFlags> = {
  describe,
  async run(run, { allHosts = false }) {
    const inventory = await inventoryFor(run);
    const { named, mode } = wantedBy(run, inventory, allHosts);
    const servers = serversOf({ server: named, allHosts });
    if (servers.length === 0) {
      throw new UsherError({
        code: 'usage',
        message: 'no host is named',
        hint: 'name one: usher drain HOST, or --all',
      });
    }
    const { hosts } = select(run, inventory, servers);
    return mode === null ? showLogonMode(run, hosts) : setLogonMode(run, hosts, mode);
  },
};

interface Wanted {
  readonly named: readonly string[];
  /** Null: tell what it is. */
  readonly mode: LogonMode | null;
}

/** The last word is the mode where it can be one: a word alone names a host, unless every host is meant anyway. */
function wantedBy({ words, around }: Run, inventory: Inventory, allHosts: boolean): Wanted {
  const last = words.at(-1);
  if (last === undefined || (words.length === 1 && !allHosts)) return { named: words, mode: null };
  const mode = Object.entries(drainModes).find(([word]) => word === last)?.[1].mode ?? null;
  if (mode !== null) return { named: words.slice(0, -1), mode };
  if (isHost(last, inventory, around.places.platform)) return { named: words, mode };
  throw new UsherError({ code: 'usage', message: `'${last}' is no host, and none of ${drainModeNames.join(', ')}` });
}

function isHost(text: string, inventory: Inventory, platform: NodeJS.Platform): boolean {
  try {
    return selectHosts([text], inventory, platform).hosts.length > 0;
  } catch (error) {
    if (error instanceof UsherError) return false;
    throw error;
  }
}

interface ModeRow {
  readonly host: string;
  readonly drain: DrainWord;
  readonly means: string;
}

/** Tells who may log on to these hosts. */
export async function showLogonMode(run: Run, hosts: readonly FleetHost[]): Promise<number> {
  const gathered = await askHosts(run, hosts, async (connection, signal): Promise<ModeRow> => {
    const mode = await administered(connection, 'drain').logonMode(signal);
    return { host: connection.host.name, drain: drainWords[mode], means: logonModes[mode] };
  });
  return printRows(run, gathered, showing);
}

const hostColumn = {
  title: 'HOST',
  align: 'left',
  priority: 1,
  least: 12,
  cut: 'middle',
  text: ({ host }: { readonly host: string }) => host,
} as const;

const showing: RowsLook<ModeRow> = {
  key: 'hosts',
  fields: ['host', 'drain', 'means'],
  columns: [
    hostColumn,
    { title: 'DRAIN', align: 'left', priority: 1, least: 13, text: (row) => row.drain, style: styleOf },
    { title: 'MEANS', align: 'left', priority: 2, least: 24, text: ({ means }) => means },
  ],
};

interface SetRow extends ModeRow {
  readonly before: DrainWord;
  readonly outcome: 'set' | 'planned';
  readonly did: readonly string[];
}

/** Sets who may log on to these hosts: several, and to let nobody in at all, once it is confirmed. */
export async function setLogonMode(run: Run, hosts: readonly FleetHost[], mode: LogonMode): Promise<number> {
  const { dryRun } = run.globals;
  const verb = mode === 'on' ? 'allow logons on' : mode === 'off' ? 'let nobody log on or reconnect to' : 'drain';
  if (!dryRun && (hosts.length > 1 || mode === 'off')) await confirmHosts(run, verb, hosts);
  const gathered = await changeHosts(run, hosts, {
    look: (connection, signal) => administered(connection, 'drain').logonMode(signal),
    async change(connection, was, signal): Promise<SetRow> {
      const { host } = connection;
      const row = { host: host.name, before: drainWords[was], drain: drainWords[mode], means: logonModes[mode] };
      if (dryRun) return { ...row, outcome: 'planned', did: [] };
      const { did } = await administered(connection, 'drain').setLogonMode(mode, signal);
      return { ...row, outcome: 'set', did };
    },
  });
  if (dryRun && run.globals.format === 'text') run.around.stdout.write('Nothing was done. It would set:\n');
  return printRows(run, gathered, setting);
}

const setting: RowsLook<SetRow> = {
  key: 'hosts',
  fields: ['host', 'before', 'drain', 'outcome', 'means', 'did'],
  columns: [
    hostColumn,
    { title: 'BEFORE', align: 'left', priority: 3, least: 13, text: ({ before }) => before },
    { title: 'DRAIN', align: 'left', priority: 1, least: 13, text: (row) => row.drain, style: styleOf },
    { title: 'MEANS', align: 'left', priority: 2, least: 24, text: ({ means }) => means },
    { title: 'BY', align: 'left', priority: 4, least: 20, text: ({ did }) => did.join('; ') },
  ],
};

function styleOf(row: Pick<ModeRow, 'drain'>): 'green' | 'yellow' | 'red' {
  return row.drain === 'off' ? 'green' : row.drain === 'no-logons' ? 'red' : 'yellow';
}
