import type { Command, Help } from 'commander';

const opening = `# The command line

Written by \`npm run docs\` from the commands themselves: change those, not this page. The options of \`usher\` itself are
taken by every command and are not repeated below.
`;

/**
 * The page that describes a program: every visible command with its usage, arguments, options and examples, but for those that
 * are another one by a second name.
 */
export function renderProgram(program: Command, secondNames: readonly string[] = []): string {
  const commands = commandsOf(program).filter((command) => !secondNames.includes(fullName(command)));
  return `${[opening, ...commands.map(renderCommand)].join('\n').trimEnd()}\n`;
}

function commandsOf(command: Command): readonly Command[] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
  return [command, ...below.flatMap(commandsOf)];
}

function renderCommand(command: Command): string {
  const help = command.createHelp();
  const sections = [
    `## ${fullName(command)}`,
    escapeText(help.commandDescription(command)),
    block(help.commandUsage(command)),
    aliases(command),
    table('Argument', argumentRows(command, help)),
    table('Option', optionRows(command, help)),
    table('Command', commandRows(command, help)),
    block(textAfterHelp(command)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function aliases(command: Command): string {
  const names = command.aliases();
  return names.length === 0 ? '' : `Also: ${names.map((name) => `\`${name}\``).join(', ')}`;
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

type Row = readonly [term: string, description: string];

function argumentRows(command: Command, help: Help): readonly Row[] {
  return help.visibleArguments(command).map((one) => [help.argumentTerm(one), help.argumentDescription(one)]);
}

function optionRows(command: Command, help: Help): readonly Row[] {
  const inherited = new Set(command.parent === null ? [] : rootOf(command).options.map(({ long }) => long));
  const own = help.visibleOptions(command).filter(({ long }) => long === '--help' || !inherited.has(long));
  return own.map((one) => [help.optionTerm(one), help.optionDescription(one)]);
}

function commandRows(command: Command, help: Help): readonly Row[] {
  return help.visibleCommands(command).map((one) => [help.subcommandTerm(one), help.subcommandDescription(one)]);
}

function table(heading: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = rows.map(([term, description]) => `| \`${cell(term)}\` | ${cell(escapeText(description))} |`);
  return [`| ${heading} | |`, '|---|---|', ...lines].join('\n');
}

function block(text: string): string {
  return text === '' ? '' : `\`\`\`text\n${text}\n\`\`\``;
}

function escapeText(text: string): string {
  return text.replace(/[\\<*]/g, String.raw`\$&`);
}

/** What `addHelpText` adds below the help: commander has it only while it prints. */
function textAfterHelp(command: Command): string {
  let printed = '';
  command.configureOutput({
    writeOut: (text) => {
      printed += text;
    },
    getOutHelpWidth: () => 120,
    getOutHasColors: () => false,
  });
  const body = command.helpInformation();
  printed = '';
  command.outputHelp();
  return printed.slice(printed.indexOf(body) + body.length).trim();
}
