import type { ServerFlags } from '../command.ts';
import type { Grammar } from './arguments.ts';
import { idleTime, left, logonTime, right, stateName } from './columns.ts';
import { microsoftCommand } from './command.ts';
import { listAsMicrosoft, type MicrosoftListing } from './listing.ts';

const grammar: Grammar = {
  command: 'quser',
  usage: '[USERNAME | SESSIONNAME | ID] [/server:NAME]',
  switches: { server: 'value' },
  operands: 1,
};

const listing: MicrosoftListing = {
  header: ' USERNAME              SESSIONNAME        ID  STATE   IDLE TIME  LOGON TIME',
  noun: 'User',
  shows: ({ user }) => user !== null,
  row: ({ user, name, id, state, idleFor, loggedOnAt }, timeZone) =>
    [
      ` ${left(user ?? '', 20)}`,
      `${left(name, 16)} ${right(id, 4)}`,
      left(stateName(state), 6),
      right(idleTime(idleFor), 9),
      logonTime(loggedOnAt, timeZone),
    ].join('  '),
};

export const quser = microsoftCommand<ServerFlags>({
  grammar,
  summary: 'list who is logged on, in the columns of quser',
  description:
    "Lists who is logged on as quser (query user) does, in Microsoft's columns: idle time as none (unknown), . (below a minute), 5, 1:05 or 2+03:17, logon time as English Windows writes it. No session is the current one, so none is marked with >.",
  rows: [],
  examples: [
    ['usher quser /server:ts01', 'who is logged on to ts01'],
    ['usher query user alice', 'where in the inventory alice is logged on'],
  ],
  run: (run, { operands: [operand] }, flags) => listAsMicrosoft(run, operand, flags, listing),
});
