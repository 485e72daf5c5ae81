import type { Command } from 'commander';
import { UsherError } from '../../sessions/errors.ts';
import type { Run } from '../run.ts';
import type { CliCommand, ServerFlags } from '../command.ts';
import type { TargetFlags } from '../acts/targets.ts';
import type { PatienceFlags } from '../acts/simple.ts';
import { type Grammar, type MicrosoftArguments, parseMicrosoft, wrong } from './arguments.ts';
import { microsoftCommand, serversOf, type SwitchRow, withSwitchRows } from './command.ts';

type ActFlags = TargetFlags & PatienceFlags;

interface SessionAct {
  /** Its name, and its other one, as in `rwinsta` and `reset session`. */
  readonly command: string;
  readonly also: string | null;
  readonly summary: string;
  /** What it does, as in "Disconnects a session". */
  readonly does: string;
  readonly usher: string;
  readonly own: CliCommand<ActFlags>;
  readonly examples: readonly (readonly [string, string])[];
}

export const verboseRow: SwitchRow = ['/v', 'accepted: what is done and what proves it is told anyway'];

const sessionUsage = '{SESSIONNAME | ID | USERNAME} [/server:NAME] [/v]';
const switches = { server: 'value', v: 'alone' } as const;

/** The one session that the arguments name. Throws `UsherError`: where none is, none is meant. */
export function sessionIn({ operands }: MicrosoftArguments, grammar: Grammar): string {
  const [only] = operands;
  if (only !== undefined) return only;
  throw wrong(grammar, 'no session is named, and there is no current one');
}

/** A Microsoft command that does what one of Usher's does to the one session that it names. */
export function sessionAct({ command, also, summary, does, usher, own, examples }: SessionAct): CliCommand<ActFlags> {
  const grammar: Grammar = { command, usage: sessionUsage, switches, operands: 1 };
  const names = also === null ? command : `${command} (${also})`;
  return microsoftCommand<ActFlags>({
    grammar,
    summary,
    description: `${does}, as \`usher ${usher}\` does, with the arguments of ${names}.`,
    rows: [verboseRow],
    withOptions: (one) => one.option('--expect-user <user>', 'refuse unless the session is this user’s'),
    examples,
    run: (run, given, flags) => own.run({ ...run, words: [sessionIn(given, grammar)] }, flags),
  });
}

/**
 * One of Usher's commands whose name is Microsoft's too: with one of Microsoft's switches among its arguments it takes them all
 * as Microsoft does. `before` is a word that Microsoft writes first, `session` as in `reset session 3`.
 */
export function alsoMicrosoft<Flags extends ServerFlags>(
  own: CliCommand<Flags>,
  command: string,
  before: string | null,
): CliCommand<Flags> {
  const grammar: Grammar = { command, usage: sessionUsage, switches, operands: 1 };
  return {
    helpWord: '/?',
    describe(name) {
      const described = own.describe(name);
      if (!isVariadic(described)) described.argument('[arguments...]', "Microsoft's switches");
      return withSwitchRows(described, [['/server:NAME', "as Microsoft's: the host"], verboseRow]);
    },
    async run(run, flags) {
      const [first, ...others] = run.words;
      const said = before !== null && first?.toLowerCase() === before && others.length > 0;
      const words = said ? others : run.words;
      if (!said && !words.some((word) => word.startsWith('/')))
        return own.run(checked(run, own.describe(command)), flags);
      const given = parseMicrosoft(words, grammar);
      const server = await serversOf(run, given, flags);
      return own.run({ ...run, words: [sessionIn(given, grammar)] }, { ...flags, server });
    },
  };
}

const isVariadic = ({ registeredArguments }: Command): boolean => registeredArguments.at(-1)?.variadic === true;

/** The run, once it is seen that it has no more words than Usher's own command takes. */
function checked(run: Run, own: Command): Run {
  const most = isVariadic(own) ? run.words.length : own.registeredArguments.length;
  if (run.words.length <= most) return run;
  throw new UsherError({
    code: 'usage',
    message: `'${(run.words[most] ?? '').slice(0, 40)}' is one argument too many: ${own.name()} takes ${most}`,
  });
}
