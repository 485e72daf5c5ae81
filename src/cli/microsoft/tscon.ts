import { type PatienceFlags, withPatienceOptions } from '../acts/simple.ts';
import type { ServerFlags } from '../command.ts';
import { connectSessions } from '../connect.ts';
import { type Grammar, wrong } from './arguments.ts';
import { microsoftCommand } from './command.ts';
import { sessionIn, verboseRow } from './session-act.ts';

const grammar: Grammar = {
  command: 'tscon',
  usage: '{ID | SESSIONNAME} /dest:SESSIONNAME [/server:NAME] [/v]',
  switches: { server: 'value', dest: 'value', v: 'alone' },
  operands: 1,
};

export const tscon = microsoftCommand<ServerFlags & PatienceFlags>({
  grammar,
  summary: 'show a session on the client of another: usher connect',
  description:
    'Gives the desktop of a session to the client of another one, as `usher connect` does, with the arguments of tscon. It needs no password of its user, but the rights on the host; /password is refused.',
  rows: [
    ['/dest:NAME', 'the session, by its name or id, whose client shows it from now on; there is no current one'],
    verboseRow,
  ],
  withOptions: withPatienceOptions,
  examples: [['usher tscon 23 /dest:rdp-tcp#5 /server:ts01', 'session 23 appears in front of whoever has rdp-tcp#5']],
  run(run, given, flags) {
    const session = sessionIn(given, grammar);
    const to = given.switches.get('dest') ?? '';
    if (to === '') throw wrong(grammar, 'there is no current session: /dest:SESSIONNAME says whose client shows it');
    return connectSessions(run, [session, to], flags);
  },
});
