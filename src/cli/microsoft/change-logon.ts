import type { FleetHost } from '../../fleet/inventory.ts';
import type { LogonMode } from '../../hosts/administration.ts';
import { administered } from '../administration/administered.ts';
import { askHosts } from '../administration/on-hosts.ts';
import type { ServerFlags } from '../command.ts';
import { setLogonMode, showLogonMode } from '../drain.ts';
import { printable } from '../printable.ts';
import { complain, exitCodeOf, inventoryFor, type Run, select } from '../run.ts';
import { labelled } from '../../sessions/errors.ts';
import { type Grammar, wrong } from './arguments.ts';
import { microsoftCommand } from './command.ts';

const grammar: Grammar = {
  command: 'change logon',
  usage: '{/query | /enable | /disable | /drain | /drainuntilrestart} /server:NAME',
  switches: {
    server: 'value',
    query: 'alone',
    enable: 'alone',
    disable: 'alone',
    drain: 'alone',
    drainuntilrestart: 'alone',
  },
  operands: 0,
};

const modes = {
  enable: 'on',
  disable: 'off',
  drain: 'drain',
  drainuntilrestart: 'drain-until-restart',
} as const satisfies Record<string, LogonMode>;

/** What /query says: of the first two in Microsoft's words, which scripts look for. */
const states: Readonly<Record<LogonMode, string>> = {
  on: 'Session logins are currently ENABLED',
  off: 'Session logins are currently DISABLED',
  drain: 'New session logins are currently DISABLED, reconnections are ENABLED',
  'drain-until-restart': 'New session logins are currently DISABLED until the host restarts, reconnections are ENABLED',
};

export const changeLogon = microsoftCommand<ServerFlags>({
  grammar,
  summary: 'tell and set who may log on: usher drain',
  description:
    'Tells and sets who may log on to Windows hosts, as `usher drain` does, with the arguments of change logon.',
  rows: [
    ['/query', 'tells it'],
    ['/enable', 'everybody may log on'],
    ['/disable', 'nobody may log on, nor reconnect; asks first'],
    ['/drain', 'nobody new may log on; who has a session may reconnect'],
    ['/drainuntilrestart', 'the same, until the host restarts'],
  ],
  examples: [
    ['usher change logon /query /server:ts01', 'how it is'],
    ['usher chglogon /drain /server:ts01', 'before updates'],
  ],
  async run(run, { switches }, { server = [] }) {
    const [wanted, ...others] = [...switches.keys()].filter((name) => name !== 'server');
    if (wanted === undefined || others.length > 0) throw wrong(grammar, 'it takes one of the switches for what to do');
    if (server.length === 0) throw wrong(grammar, 'no host is named, and none is the current one');
    const mode = Object.hasOwn(modes, wanted) ? modes[wanted as keyof typeof modes] : null;
    const { hosts } = select(run, await inventoryFor(run), server);
    if (mode !== null) return setLogonMode(run, hosts, mode);
    return run.globals.format === 'text' ? query(run, hosts) : showLogonMode(run, hosts);
  },
});

async function query(run: Run, hosts: readonly FleetHost[]): Promise<number> {
  const { rows, errors } = await askHosts(run, hosts, async (connection, signal) => {
    const state = states[await administered(connection, 'drain').logonMode(signal)];
    return hosts.length === 1 ? state : labelled(connection.host.name, state);
  });
  run.around.stdout.write(rows.map((row) => `${printable(row)}\n`).join(''));
  for (const error of errors) complain(run, error);
  return exitCodeOf(rows.length, errors);
}
