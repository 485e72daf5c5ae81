import { microsoftNames } from '../../src/cli/microsoft/names.ts';

const opening = `## Microsoft's names

Whoever types what he types on Windows finds it here: Microsoft's names take Microsoft's arguments, in any case and any order, and do what Usher's own
commands do, with the same previews, confirmations, proofs and exit codes. \`--json\`, \`--csv\`, \`-s\` and the other options of every command
stand beside them; \`/?\` is \`--help\`. A text with a \`/\` before it is a switch: one that a command does not have is wrong use (exit code 2).

- \`/server:NAME\` is a host of the inventory, a group, a glob or a URL; any other NAME is \`windows://NAME\`, and a terminal asks for its user and password.
  In a pipe it is named with its user, \`/server:windows://DOMAIN\\user@NAME\`, and its password comes from \`USHER_PASSWORD\`, \`--password-file\` or
  a credential of the inventory. A password is never an argument: \`/password:\` is refused.
- There is no current session: a bare \`logoff\` or \`tsdiscon\` is wrong use, and nothing is marked with \`>\`.
- A user alone is searched in the inventory: one match is shown and taken, several are listed, none is guessed.
- Columns are as wide as Microsoft's, and what is too long ends with three dots. Several hosts are a table each below their names.
`;

/** The commands that have a name of two words and are described by their other one. */
export const secondNames: readonly string[] = microsoftNames.flatMap(({ names: [, ...others] }) =>
  others.map((name) => `usher ${name}`),
);

/** Which of Usher's commands is meant by which of Microsoft's names. */
export function renderMicrosoft(): string {
  const rows = microsoftNames.map(({ names, usher, differs }) => {
    const called = names.map((name) => `\`${name}\``).join(', ');
    return `| ${called} | \`usher ${usher}\` | ${differs} |`;
  });
  return `${opening}\n${["| Microsoft's name | Usher's | what differs |", '|---|---|---|', ...rows].join('\n')}\n`;
}
