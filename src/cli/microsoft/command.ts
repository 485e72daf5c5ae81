import { Command } from 'commander';
import { type CliCommand, type ServerFlags, withExamples } from '../command.ts';
import { collect } from '../globals.ts';
import type { Run } from '../run.ts';
import { wrapped, wrappedParts } from '../wrap.ts';
import { type Grammar, type MicrosoftArguments, parseMicrosoft } from './arguments.ts';
import { serverOf } from './servers.ts';

/** The heading of Microsoft's names in the help. */
export const microsoftHeading = "Microsoft's names, with Microsoft's arguments:";

/** A row of a command's help: a switch, and what it does. */
export type SwitchRow = readonly [term: string, what: string];

interface Described {
  readonly grammar: Grammar;
  readonly summary: string;
  readonly description: string;
  readonly rows: readonly SwitchRow[];
  readonly examples: readonly (readonly [line: string, what: string])[];
}

export interface MicrosoftCommand<Flags> extends Described {
  /** Adds the options of Usher's that it takes besides {@link ServerFlags}. */
  readonly withOptions?: (command: Command) => Command;
  run(run: Run, given: MicrosoftArguments, flags: Flags): Promise<number>;
}

const serverRow: SwitchRow = [
  '/server:NAME',
  'the host: of the inventory, a URL, else windows://NAME, whose user and password are asked for',
];

/** A command that takes Microsoft's arguments, with `-s` and the options of every command beside them. */
export function microsoftCommand<Flags extends ServerFlags>(of: MicrosoftCommand<Flags>): CliCommand<Flags> {
  return {
    helpWord: '/?',
    describe(name) {
      const command = new Command(name)
        .helpGroup(microsoftHeading)
        .summary(of.summary)
        .description(of.description)
        .usage(usageOf(of.grammar))
        .argument('[arguments...]', "Microsoft's arguments")
        .option('-s, --server <host>', 'as /server; may be given several times', collect);
      const described = of.withOptions?.(command) ?? command;
      grammars.set(described, of.grammar);
      return withExamples(withSwitchRows(described, [...serversIn(of.grammar), ...of.rows]), of.examples);
    },
    async run(run, flags) {
      const given = parseMicrosoft(run.words, of.grammar);
      return of.run(run, given, { ...flags, server: await serversOf(run, given, flags) });
    },
  };
}

const grammars = new WeakMap<Command, Grammar>();

/** The switches of a Microsoft command as they are typed, a value's with its colon: `/query`, `/server:`. */
export function switchesOf(command: Command): readonly string[] {
  const { switches = {} } = grammars.get(command) ?? {};
  return Object.entries(switches).map(([name, form]) => `/${name}${form === 'value' ? ':' : ''}`);
}

const usageWidth = 80;

/** The usage, in lines that fit into a help. */
function usageOf({ command, usage }: Grammar): string {
  const before = `Usage: usher ${command} `.length;
  const width = usageWidth - before;
  const parts = `${usage} [options]`.match(/\{[^}]*\}|\[[^\]]*\]|\S+/g) ?? [];
  const short = parts.flatMap((part) => (part.length > width ? part.split(' ') : [part]));
  return wrappedParts(short, width).join(`\n${' '.repeat(before)}`);
}

const serversIn = ({ switches }: Grammar): readonly SwitchRow[] => ('server' in switches ? [serverRow] : []);

/** What `-s` and `/server` name together. */
export async function serversOf(
  run: Run,
  { switches }: MicrosoftArguments,
  { server = [] }: ServerFlags,
): Promise<readonly string[]> {
  const name = switches.get('server');
  return name === undefined ? server : [...server, await serverOf(run, name)];
}

const termWidth = 16;
const textWidth = 60;

/** Adds the switches below the help, within 80 columns. */
export function withSwitchRows(command: Command, rows: readonly SwitchRow[]): Command {
  const lines = rows.flatMap(([term, what]) => {
    const [first = '', ...rest] = wrapped(what, textWidth);
    const head = term.length < termWidth ? [`  ${term.padEnd(termWidth)}${first}`] : [`  ${term}`, indented(first)];
    return [...head, ...rest.map(indented)];
  });
  return rows.length === 0
    ? command
    : command.addHelpText('after', `\nSwitches, in any case and anywhere:\n${lines.join('\n')}`);
}

const indented = (text: string): string => `${' '.repeat(termWidth + 2)}${text}`;
