import { Command, CommanderError } from 'commander';
import { emptyInventory } from '../fleet/inventory.ts';
import { UsherError, UsherErrors } from '../sessions/errors.ts';
import { added, type Attach, type CliCommand, group } from './command.ts';
import { candidatesFor } from './complete.ts';
import { completion } from './completion.ts';
import { calledAs, inLowerCase, inPlainWords } from './command-line.ts';
import { connect } from './connect.ts';
import { addGlobalOptions, readGlobals } from './globals.ts';
import { formatHelp, helpCommand } from './help.ts';
import { demo } from './demo.ts';
import { disconnect } from './disconnect.ts';
import { doctor } from './doctor.ts';
import { drain } from './drain.ts';
import { end } from './end.ts';
import { hostsAdd } from './hosts-add.ts';
import { hostsList } from './hosts-list.ts';
import { hostsRemove } from './hosts-remove.ts';
import { hostsTest } from './hosts-test.ts';
import { kill } from './kill.ts';
import { listeners } from './listeners.ts';
import { message } from './message.ts';
import { logoff } from './microsoft/logoff.ts';
import { attachMicrosoft } from './microsoft/names.ts';
import { reset } from './microsoft/reset.ts';
import { shadow } from './microsoft/shadow.ts';
import { shutdown } from './microsoft/shutdown.ts';
import { processes } from './processes.ts';
import { complain, exitCodeOf, inventoryFor, printJson, type Run } from './run.ts';
import { errorRows } from './session-json.ts';
import type { BehaviourLine } from './simulated/port.ts';
import { simulate } from './simulate.ts';
import { sessions } from './sessions.ts';
import type { Surroundings } from './surroundings.ts';
import { unfreeze } from './unfreeze.ts';
import { waste } from './waste.ts';
import { watch } from './watch.ts';

const wrongUse = 2;

/** The whole tree of commands, for help, documents and completion. Calling its commands does nothing. */
export function describeProgram(behaviours: readonly BehaviourLine[] = []): Command {
  return buildProgram('0.0.0', behaviours, (parent, name, { describe }) =>
    added(
      parent,
      addGlobalOptions(describe(name)).action(() => undefined),
    ),
  );
}

function buildProgram(version: string, behaviours: readonly BehaviourLine[], attach: Attach): Command {
  const program = formatHelp(addGlobalOptions(new Command('usher')))
    .enablePositionalOptions()
    .description(
      'Finds remote desktop sessions on Windows hosts and Linux xrdp hosts, with nothing installed there; warns their users, hears their answers, ends them and proves it.',
    )
    .version(version, '-V, --version', 'print the version')
    .addHelpText('after', opening);
  attach(program, 'sessions', sessions);
  attach(program, 'processes', processes);
  attach(program, 'message', message);
  attach(program, 'disconnect', disconnect);
  attach(program, 'connect', connect);
  attach(program, 'unfreeze', unfreeze);
  attach(program, 'logoff', logoff);
  attach(program, 'reset', reset);
  attach(program, 'kill', kill);
  attach(program, 'end', end);
  attach(program, 'shadow', shadow);
  attach(program, 'waste', waste);
  attach(program, 'listeners', listeners);
  attach(program, 'drain', drain);
  attach(program, 'shutdown', shutdown);
  attach(program, 'watch', watch);
  attach(program, 'simulate', simulate(behaviours));
  attach(program, 'demo', demo);
  attach(program, 'doctor', doctor);
  const hosts = added(
    program,
    group('hosts').summary('keep the inventory of hosts').description('Keeps the inventory of hosts.'),
  );
  attach(hosts, 'add', hostsAdd);
  attach(hosts, 'list', hostsList);
  attach(hosts, 'test', hostsTest);
  attach(hosts, 'remove', hostsRemove);
  added(hosts, helpCommand(hosts));
  attachMicrosoft(program, attach);
  attach(program, 'completion', completion);
  added(program, helpCommand(program));
  return program;
}

const opening = `
A host is a name of the inventory, a group (@name), a glob, or a URL as it
stands: 'windows://DOMAIN\\user@host[:port]' (a backslash needs the quotes),
ssh://user@host[:port], or local: for this machine.

Exit codes: 0 done, 1 some of it failed, 2 wrong use, 3 nothing could be
reached, 4 refused, 130 called off with Ctrl-C.

Examples:
  usher sessions -s 'windows://CORP\\anna@ts01'
                                        a host by its URL; asks for the password
  usher hosts add ts01 'windows://CORP\\anna@ts01'
                                        keep a host in the inventory
  usher hosts add xh1 ssh://root@xh1    a Linux host, whose key is shown first
  usher sessions                        every session of the inventory
  usher processes alice@ts01            what runs in alice's session
  usher doctor ts01                     why a host refuses, and how to mend it
  usher end alice@ts01                  warn her, log her off, and prove it`;

/** Runs a command line, without the program's name in it, and answers with the exit code. Throws only defects. */
export async function runProgram(argv: readonly string[], around: Surroundings): Promise<number> {
  let exitCode = 0;
  // Only its help names them, and they are not loaded for anything else.
  const behaviours = argv.includes('simulate') ? (await around.simulator()).behaviours : [];
  const program = buildProgram(around.version, behaviours, (parent, name, command) => {
    const described = addGlobalOptions(command.describe(name));
    described.action(async () => {
      if (command.helpWord !== undefined && described.args.includes(command.helpWord)) described.help();
      exitCode = await runCommand(command, described, program.opts(), around);
    });
    return added(parent, described);
  });
  program.addCommand(completer(program, around), { hidden: true });
  configure(program, asksForJson(argv) ? { ...around, stderr: { ...around.stderr, write: () => undefined } } : around);
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(inLowerCase(argv, program), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && asksForJson(argv)) printJson({ around }, { errors: errorRows([usageOf(error)]) });
    return error.exitCode === 0 ? 0 : wrongUse;
  }
}

/** Whether words that could not be understood asked for JSON: what is wrong with them is then a document too. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

function usageOf({ code, message }: CommanderError): UsherError {
  if (code === 'commander.help') return new UsherError({ code: 'usage', message: 'a command is missing' });
  const [first = '', near] = message.replace(/^error: /, '').split('\n');
  const hint = near?.replace(/^\((.*)\)$/, '$1') ?? 'usher --help shows what there is';
  return new UsherError({ code: 'usage', message: first, hint });
}

function configure(command: Command, around: Surroundings): void {
  const { stdout, stderr } = around;
  command.exitOverride().showHelpAfterError(`(${calledAs(command)} --help shows what there is)`);
  command.configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHelpWidth: () => Math.min(stdout.columns ?? 100, 120),
    getErrHelpWidth: () => Math.min(stderr.columns ?? 100, 120),
    outputError: (text, write) => write(inPlainWords(text, command)),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  for (const below of command.commands) configure(below, around);
}

async function runCommand<Flags>(
  command: CliCommand<Flags>,
  described: Command,
  before: object,
  around: Surroundings,
): Promise<number> {
  let run: Run | null = null;
  try {
    const globals = readGlobals({ ...before, ...described.opts() });
    run = { around, globals, words: described.args };
    return await command.run(run, described.opts() as Flags);
  } catch (error) {
    if (around.signal.aborted) return interrupted;
    if (!(error instanceof UsherError || error instanceof UsherErrors)) throw error;
    const errors = error instanceof UsherErrors ? error.errors : [error];
    if (run?.globals.format === 'json') printJson(run, { errors: errorRows(errors) });
    else for (const one of errors) complain({ around }, one);
    return exitCodeOf(0, errors);
  }
}

/** As a shell counts a program that SIGINT ended. */
const interrupted = 130;

/** What the completion scripts call. It says nothing rather than something wrong. */
function completer(program: Command, around: Surroundings): Command {
  return new Command('__complete').argument('[line]').action(async (line: string | undefined) => {
    const globals = readGlobals({ quiet: true });
    const inventory = await inventoryFor({ around, globals, words: [] }).catch(() => emptyInventory(''));
    const lines = candidatesFor(line ?? '', program, inventory).map(
      ({ text, description }) => `${text}\t${description}\n`,
    );
    around.stdout.write(lines.join(''));
  });
}
