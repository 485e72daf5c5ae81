import { Command } from 'commander';
import { hintOfNear } from '../fleet/near-names.ts';

/**
 * `help [command...]` below a command: shows the help of what the words name there. Unlike the library's own it says
 * which word names nothing, and ends as wrong use.
 */
export function helpCommand(parent: Command): Command {
  return new Command('help')
    .summary('show the help of a command')
    .description('Shows the help of a command.')
    .argument('[command...]', 'the command, as it is written after its program')
    .action((words: readonly string[]) => {
      let at = parent;
      for (const word of words) at = commandBelow(at, word);
      at.help();
    });
}

function commandBelow(parent: Command, word: string): Command {
  const below = parent.commands.find((one) => one.name() === word || one.aliases().includes(word));
  if (below !== undefined) return below;
  const visible = parent.createHelp().visibleCommands(parent);
  const near = hintOfNear(
    word,
    visible.flatMap((one) => [one.name(), ...one.aliases()]),
  );
  return parent.error(`error: unknown command '${word}'${near === undefined ? '' : `\n(${near.replace(/^d/, 'D')})`}`);
}

/** Narrow enough for an 80-column terminal beside the longest option. */
const narrowestText = 30;

/** What all commands' help has in common. */
export function formatHelp(command: Command): Command {
  return command
    .helpCommand(false)
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ minWidthToWrap: narrowestText });
}
