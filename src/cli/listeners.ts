import { Argument, Command } from 'commander';
import type { FleetHost } from '../fleet/inventory.ts';
import { wholeInventory } from '../fleet/selection.ts';
import type { Listener } from '../hosts/administration.ts';
import { UsherError } from '../sessions/errors.ts';
import { administered } from './administration/administered.ts';
import { confirmHosts } from './administration/confirm-hosts.ts';
import { askHosts, changeHosts, type Gathered, printRows, type RowsLook } from './administration/on-hosts.ts';
import { type CliCommand, type ServerFlags, serversOf, withExamples, withServerOption } from './command.ts';
import { inventoryFor, remark, type Run, select } from './run.ts';

function describe(name: string): Command {
  const command = new Command(name)
    .summary('list the listeners of Windows hosts, and stop or start one')
    .description(
      [
        'A listener, such as RDP-Tcp, waits for clients. While it is stopped nobody can connect through it, neither to a new session nor to an old one; who is connected stays.',
        'Without arguments all are listed. What stop and start did is read again: done is only what the host says afterwards.',
      ].join('\n'),
    )
    .addArgument(new Argument('[act]', 'what to do to one').choices(acts))
    .argument('[name]', 'the name of the listener, in any case');
  return withExamples(withServerOption(command), [
    ['usher listeners -s @rds', 'all listeners of a group of hosts'],
    ['usher listeners stop RDP-Tcp -s ts01', 'nobody new gets in; asks before'],
    ['usher listeners start RDP-Tcp -s ts01', 'back to normal'],
  ]);
}

const acts = ['stop', 'start'] as const;

export const listeners: CliCommand<ServerFlags> = {
  describe,
  async run(run, flags) {
    const servers = serversOf(flags);
    const [act, name] = run.words;
    if (act === undefined) return listListeners(run, servers);
    if (name === undefined) {
      throw new UsherError({
        code: 'usage',
        message: `no listener is named: ${act} takes one, such as RDP-Tcp`,
        hint: 'list them: usher listeners -s HOST',
      });
    }
    return switchListener(run, servers, name, act === 'start');
  },
};

interface ListenerRow extends Listener {
  readonly host: string;
}

/** Lists the listeners of these hosts; of all Windows hosts of the inventory where none are named. */
export async function listListeners(run: Run, servers: readonly string[]): Promise<number> {
  const { hosts } = select(run, await inventoryFor(run), servers);
  const asked =
    servers.length > 0 && !servers.includes(wholeInventory)
      ? hosts
      : hosts.filter(({ url }) => url.scheme === 'windows');
  if (asked.length === 0) {
    throw new UsherError({
      code: 'usage',
      message: 'the inventory has no Windows host, and others have no listeners',
      hint: 'name one: -s windows://USER@HOST',
    });
  }
  const { rows, errors } = await askHosts(run, asked, async (connection, signal) => {
    const listed = await administered(connection, 'listeners').listeners(signal);
    return listed.map((listener) => ({ host: connection.host.name, ...listener }));
  });
  return printHosts(run, { rows: rows.flat(), errors }, rows.length);
}

/** A host without listeners has answered too. */
async function printHosts(run: Run, gathered: Gathered<ListenerRow>, answered: number): Promise<number> {
  const code = await printRows(run, gathered, listing);
  if (gathered.rows.length > 0 || answered === 0) return code;
  if (run.globals.format === 'text') remark(run, 'no listeners, or none that this account may see');
  return gathered.errors.length === 0 ? 0 : 1;
}

const listing: RowsLook<ListenerRow> = {
  key: 'listeners',
  fields: ['host', 'id', 'name', 'listening'],
  columns: [
    { title: 'HOST', align: 'left', priority: 1, least: 12, cut: 'middle', text: ({ host }) => host },
    { title: 'ID', align: 'right', priority: 2, least: Number.POSITIVE_INFINITY, text: ({ id }) => String(id) },
    { title: 'NAME', align: 'left', priority: 1, least: 12, text: ({ name }) => name },
    {
      title: 'STATE',
      align: 'left',
      priority: 1,
      least: Number.POSITIVE_INFINITY,
      text: ({ listening }) => (listening === null ? '' : listening ? 'listens' : 'stopped'),
      style: ({ listening }) => (listening === false ? 'yellow' : null),
    },
  ],
};

interface SwitchedRow {
  readonly host: string;
  readonly name: string;
  readonly outcome: 'listens' | 'stopped' | 'planned' | 'failed';
  readonly did: readonly string[];
}

/** Stops or starts a listener of these hosts, once it is confirmed, and reads again what came of it. */
export async function switchListener(
  run: Run,
  servers: readonly string[],
  name: string,
  listening: boolean,
): Promise<number> {
  if (servers.length === 0) {
    throw new UsherError({
      code: 'usage',
      message: 'no host is named',
      hint: 'name it with -s HOST; --all is the whole inventory',
    });
  }
  const { hosts } = select(run, await inventoryFor(run), servers);
  const verb = listening ? `start ${name} on` : `stop ${name}, through which clients connect, on`;
  if (run.globals.dryRun) return planSwitch(run, hosts, name, listening);
  if (!listening || hosts.length > 1) await confirmHosts(run, verb, hosts);
  const outcome = listening ? 'listens' : 'stopped';
  const gathered = await changeHosts(run, hosts, {
    look: async (connection) => administered(connection, 'listeners'),
    async change(connection, administration, signal): Promise<SwitchedRow> {
      const { did } = await administration.setListener(name, listening, signal);
      const now = find(await administration.listeners(signal), name);
      const row = { host: connection.host.name, name: now?.name ?? name };
      if (now?.listening === listening) return { ...row, outcome, did };
      const still =
        now === undefined ? 'it is not listed any more' : listening ? 'it does not listen' : 'it still listens';
      return { ...row, outcome: 'failed', did: [...did, still] };
    },
  });
  const code = await printRows(run, gathered, switched);
  return code === 0 && gathered.rows.some((row) => row.outcome === 'failed') ? 1 : code;
}

async function planSwitch(run: Run, hosts: readonly FleetHost[], name: string, listening: boolean): Promise<number> {
  const gathered = await askHosts(run, hosts, async (connection, signal): Promise<SwitchedRow> => {
    const host = connection.host.name;
    const now = find(await administered(connection, 'listeners').listeners(signal), name);
    if (now === undefined) throw new UsherError({ code: 'not_found', host, message: `there is no listener '${name}'` });
    const did = now.listening === listening ? 'nothing: it is so already' : listening ? 'start it' : 'stop it';
    return { host, name: now.name, outcome: 'planned', did: [did] };
  });
  if (run.globals.format === 'text') run.around.stdout.write('Nothing was done. It would:\n');
  return printRows(run, gathered, switched);
}

const find = (all: readonly Listener[], name: string): Listener | undefined =>
  all.find((one) => one.name.toLowerCase() === name.toLowerCase());

const switched: RowsLook<SwitchedRow> = {
  key: 'hosts',
  fields: ['host', 'name', 'outcome', 'did'],
  columns: [
    { title: 'HOST', align: 'left', priority: 1, least: 12, cut: 'middle', text: ({ host }) => host },
    { title: 'NAME', align: 'left', priority: 1, least: 12, text: ({ name }) => name },
    {
      title: 'OUTCOME',
      align: 'left',
      priority: 1,
      least: 8,
      text: ({ outcome }) => outcome,
      style: ({ outcome }) => (outcome === 'failed' ? 'red' : 'green'),
    },
    { title: 'BY', align: 'left', priority: 2, least: 20, text: ({ did }) => did.join('; ') },
  ],
};
