import { Command } from 'commander';
import { wholeInventory } from '../fleet/selection.ts';
import { UsherError } from '../sessions/errors.ts';
import { collect } from './globals.ts';
import { formatHelp } from './help.ts';
import type { Run } from './run.ts';

/** One command of the program: how it is called, and what it does. */
export interface CliCommand<Flags = unknown> {
  /** Its name, description, arguments, options and examples. No side effects. */
  readonly describe: (name: string) => Command;
  /** An argument that asks for its help, besides `--help`. */
  readonly helpWord?: string;
  /** Does it, and answers with the exit code. Throws `UsherError`. */
  run(run: Run, flags: Flags): Promise<number>;
}

/** Puts a command below a parent, and hears of it when it is called. */
export type Attach = <Flags>(parent: Command, name: string, command: CliCommand<Flags>) => Command;

export function added(parent: Command, command: Command): Command {
  parent.addCommand(formatHelp(command));
  return command;
}

/** A command that only holds others. */
export const group = (name: string): Command => new Command(name).enablePositionalOptions();

/** What a help may take of a terminal's width, in cells. */
const helpWidth = 80;

/**
 * Adds examples below the help: pairs of a command line and what it does, beside each other where all fit into
 * {@link helpWidth}, else one below the other.
 */
export function withExamples(command: Command, examples: readonly (readonly [line: string, what: string])[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const beside = examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
  const fits = beside.every(({ length }) => length <= helpWidth);
  const lines = fits ? beside : examples.map(([line, what]) => `  ${line}\n      ${what}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** What the options by which hosts are chosen say of what is meant without them, and how the whole inventory is named. */
interface ServerOptions {
  readonly without?: string;
  /** `--all` may mean something else to a command: then it is the long form alone. */
  readonly all?: '--all, --all-hosts' | '--all-hosts';
}

/** The options by which hosts are chosen. */
export function withServerOption(
  command: Command,
  { without = 'default: the whole inventory', all = '--all, --all-hosts' }: ServerOptions = {},
): Command {
  const form = String.raw`a host: inventory name, @group, glob, or URL ('windows://DOMAIN\user@host', ssh://user@host, local:); may be given several times`;
  return withAllHosts(command.option('-s, --server <host>', `${form} (${without})`, collect), all);
}

/** The option that names every host, for commands that take hosts as arguments. */
export const withAllHosts = (command: Command, all: ServerOptions['all'] = '--all, --all-hosts'): Command =>
  command.option(all, 'every host of the inventory');

export interface ServerFlags {
  readonly server?: readonly string[];
  readonly allHosts?: boolean;
}

/** What names the hosts, as selection takes it; empty where nothing does. Throws {@link UsherError} `usage`. */
export function serversOf({ server = [], allHosts = false }: ServerFlags): readonly string[] {
  if (!allHosts) return server;
  if (server.length === 0) return [wholeInventory];
  throw new UsherError({
    code: 'usage',
    message: 'some hosts are named and --all-hosts means every one: say one of them',
  });
}
