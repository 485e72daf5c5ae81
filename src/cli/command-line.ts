import type { Command } from 'commander';

/** How a command is called: `usher hosts add`. */
export function calledAs(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) names.unshift(at.name());
  return names.join(' ');
}

/** The words with the names of commands in lower case, as Windows takes them: `QUSER /server:ts01`. What is no name stays. */
export function inLowerCase(words: readonly string[], program: Command): readonly string[] {
  const told = [...words];
  let command = program;
  for (let at = 0; at < told.length && command.commands.length > 0; at += 1) {
    const word = told[at] ?? '';
    if (word.startsWith('-')) {
      const option = command.options.find(({ short, long }) => short === word || long === word);
      if (option?.required === true) at += 1;
      continue;
    }
    const below = named(command, word);
    if (below === undefined) break;
    told[at] = below.name();
    command = below;
  }
  return told;
}

function named({ commands }: Command, word: string): Command | undefined {
  const same = (name: string): boolean => name === word;
  return (
    commands.find((one) => same(one.name()) || one.aliases().some(same)) ??
    commands.find((one) => one.name() === word.toLowerCase())
  );
}

const choices = /^error: command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/m;

/** Commands that end sessions at once, where a warning is another one's. */
const unwarning: readonly string[] = ['logoff', 'reset', 'disconnect'];

/** What commander says of wrong words, with what may have been meant. */
export function inPlainWords(text: string, command: Command): string {
  const plain = text.replace(choices, "error: '$1' is no $2: it is one of $3");
  const hint = hintOn(plain, command);
  return hint === null ? plain : plain.replace(/\n/, `\n(${hint})\n`);
}

function hintOn(text: string, command: Command): string | null {
  const [, first] = /^error: too many arguments for .* but got \d+: ([^\s,]+)/.exec(text) ?? [];
  if (first !== undefined && command.options.some(({ long }) => long === '--server')) {
    return `hosts are named with -s: ${calledAs(command)} -s ${first.replace(/\.$/, '')}`;
  }
  if (text.startsWith("error: unknown option '--warn'") && unwarning.includes(command.name())) {
    return `${calledAs(command)} does not warn: usher end warns first, logs off, and proves it`;
  }
  return null;
}
