import type { Session } from '../../sessions/session.ts';
import type { ServerFlags } from '../command.ts';
import { remark } from '../run.ts';
import type { Grammar } from './arguments.ts';
import { left, right, stateName } from './columns.ts';
import { microsoftCommand } from './command.ts';
import { listAsMicrosoft, type MicrosoftListing } from './listing.ts';

const grammar: Grammar = {
  command: 'qwinsta',
  usage: '[SESSIONNAME | USERNAME | ID] [/server:NAME] [/mode] [/flow] [/connect] [/counter] [/vm]',
  switches: { server: 'value', mode: 'alone', flow: 'alone', connect: 'alone', counter: 'alone', vm: 'alone' },
  operands: 1,
};

const listing: MicrosoftListing = {
  header: ' SESSIONNAME       USERNAME                 ID  STATE   TYPE        DEVICE ',
  noun: 'session',
  shows: () => true,
  row: (session) => ` ${rowOf(session).join('  ')}  ${left('', 12)}${left('', 8)}`,
};

const rowOf = ({ name, user, id, state }: Session): readonly string[] => [
  left(name, 16),
  left(user ?? '', 20),
  right(id, 5),
  left(stateName(state), 6),
];

const serial = ['mode', 'flow', 'connect'] as const;

export const qwinsta = microsoftCommand<ServerFlags>({
  grammar,
  summary: 'list sessions in the columns of qwinsta',
  description:
    "Lists sessions as qwinsta (query session) does: services, consoles and listeners too, in Microsoft's columns. TYPE and DEVICE are empty, as they are on Windows hosts of today, and no session is the current one, so none is marked with >.",
  rows: [
    ['/mode /flow /connect', 'of serial lines: there are none'],
    ['/counter', 'not read from hosts: the list is shown without'],
    ['/vm', 'not needed: sessions in virtual machines are sessions of those hosts'],
  ],
  examples: [
    ['usher qwinsta /server:ts01', 'every session of ts01'],
    ['usher query session alice /server:ts01 --json', 'hers, as `usher sessions` tells it'],
  ],
  async run(run, { operands: [operand], switches }, flags) {
    const code = await listAsMicrosoft(run, operand, flags, listing);
    if (run.globals.format !== 'text') return code;
    for (const name of serial) if (switches.has(name)) remark(run, `/${name}: no session here is on a serial line`);
    if (switches.has('counter')) remark(run, '/counter: the counters of hosts are not read');
    return code;
  },
});
