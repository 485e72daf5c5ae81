import type { Command } from 'commander';
import { added, type Attach, group } from '../command.ts';
import { helpCommand } from '../help.ts';
import { microsoftHeading } from './command.ts';
import { changeLogon } from './change-logon.ts';
import { msg } from './msg.ts';
import { qprocess } from './qprocess.ts';
import { queryTermserver } from './query-termserver.ts';
import { quser } from './quser.ts';
import { qwinsta } from './qwinsta.ts';
import { rwinsta } from './rwinsta.ts';
import { tscon } from './tscon.ts';
import { tsdiscon } from './tsdiscon.ts';
import { tskill } from './tskill.ts';

/** Puts Microsoft's names below the program. `logoff`, `reset session`, `shadow` and `shutdown` are Usher's too and not among them. */
export function attachMicrosoft(program: Command, attach: Attach): void {
  attach(program, 'qwinsta', qwinsta);
  attach(program, 'quser', quser);
  attach(program, 'qprocess', qprocess);
  attach(program, 'msg', msg);
  attach(program, 'tsdiscon', tsdiscon);
  attach(program, 'tscon', tscon);
  attach(program, 'rwinsta', rwinsta);
  attach(program, 'tskill', tskill);
  attach(program, 'chglogon', changeLogon);
  const query = added(
    program,
    group('query')
      .helpGroup(microsoftHeading)
      .summary('query session, query user, query process')
      .description('What qwinsta, quser and qprocess list, by the other names of theirs.'),
  );
  attach(query, 'session', qwinsta);
  attach(query, 'user', quser);
  attach(query, 'process', qprocess);
  attach(query, 'termserver', queryTermserver);
  added(query, helpCommand(query));
  const change = added(
    program,
    group('change')
      .helpGroup(microsoftHeading)
      .summary('change logon')
      .description('What chglogon does, by its other name.'),
  );
  attach(change, 'logon', changeLogon);
  added(change, helpCommand(change));
}

/** Microsoft's name, Usher's for the same, and what is different. */
export interface MicrosoftName {
  readonly names: readonly string[];
  readonly usher: string;
  readonly differs: string;
}

const sameColumns = "Microsoft's columns";

/** What docs/cli.md tells of each. */
export const microsoftNames: readonly MicrosoftName[] = [
  { names: ['qwinsta', 'query session'], usher: 'sessions --all-kinds', differs: sameColumns },
  { names: ['quser', 'query user'], usher: 'sessions', differs: sameColumns },
  { names: ['qprocess', 'query process'], usher: 'processes', differs: `${sameColumns}; of several sessions at once` },
  { names: ['query termserver'], usher: 'hosts list', differs: 'refused: the network is not searched' },
  { names: ['msg'], usher: 'message', differs: '`*` needs `--yes`; a user with several sessions is not guessed' },
  { names: ['tsdiscon'], usher: 'disconnect', differs: 'there is no current session' },
  { names: ['tscon'], usher: 'connect', differs: '`/dest` is needed, `/password` refused' },
  { names: ['logoff'], usher: 'logoff', differs: 'there is no current session' },
  { names: ['rwinsta', 'reset session'], usher: 'reset', differs: 'nothing' },
  { names: ['tskill'], usher: 'kill --pid', differs: 'a name is of one session with `/id`, or of all with `/a`' },
  { names: ['chglogon', 'change logon'], usher: 'drain', differs: 'a host is named' },
  { names: ['shutdown'], usher: 'shutdown', differs: 'a host is named; who is there is warned and waited for' },
  { names: ['shadow'], usher: 'shadow', differs: 'an invitation for a viewer, not the screen itself' },
];
