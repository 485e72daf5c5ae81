import type { Command, Option } from 'commander';
import { groupsOf, type Inventory } from '../fleet/inventory.ts';
import { sessionStates } from '../sessions/state.ts';
import { drainModeNames } from './drain.ts';
import { switchesOf } from './microsoft/command.ts';
import { columnNames } from './session-columns.ts';

/** Something that may stand where the cursor is. */
export interface Candidate {
  readonly text: string;
  readonly description: string;
}

/** What may follow on the line up to the cursor. Never throws, asks nobody, contacts no host. */
export function candidatesFor(line: string, program: Command, inventory: Inventory): readonly Candidate[] {
  const words = line.trimStart().split(/\s+/);
  const current = words.at(-1) ?? '';
  const { command, pending, taken } = commandAt(program, words.slice(1, -1));
  const candidates = pending === null ? atWord(command, current, taken, inventory) : valuesOf(pending, inventory);
  return candidates.filter(({ text }) => text.startsWith(current));
}

interface Position {
  readonly command: Command;
  /** The option that waits for its value. */
  readonly pending: Option | null;
  /** How many arguments of the command are there already. */
  readonly taken: number;
}

function commandAt(program: Command, words: readonly string[]): Position {
  let command = program;
  let pending: Option | null = null;
  let taken = 0;
  for (const word of words) {
    if (pending !== null) {
      pending = null;
    } else if (word.startsWith('-')) {
      const option = command.options.find(({ short, long }) => short === word || long === word);
      pending = option?.required === true ? option : null;
    } else {
      const below = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (below === undefined) taken += 1;
      else command = below;
    }
  }
  return { command, pending, taken };
}

function atWord(command: Command, current: string, taken: number, inventory: Inventory): readonly Candidate[] {
  if (current.startsWith('-')) {
    const options = command.options.filter(({ hidden }) => !hidden);
    return options.flatMap(({ long, description }) => (long === undefined ? [] : [{ text: long, description }]));
  }
  if (command.commands.length > 0) {
    const visible = command.createHelp().visibleCommands(command);
    return visible.map((one) => ({ text: one.name(), description: one.summary() || one.description() }));
  }
  const all = command.registeredArguments;
  const argument = all[taken] ?? (all.at(-1)?.variadic === true ? all.at(-1) : undefined);
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return plain(argument.argChoices);
  const kind = argument.name();
  if (current.startsWith('/')) return switches(command, current, inventory);
  if (kind === 'hosts') return [...modes(command, taken), ...hosts(ofKind(command, inventory))];
  if (kind === 'names') return plain([...inventory.hosts.keys()]);
  return kind === 'session' || kind === 'to' ? plain([...inventory.hosts.keys()].map((name) => `${name}:`)) : [];
}

/** After a host `drain` takes a mode, or one more host. */
const modes = (command: Command, taken: number): readonly Candidate[] =>
  command.name() === 'drain' && taken > 0 ? plain(drainModeNames) : [];

/** Commands of which a Linux host knows nothing. */
const windowsAlone: readonly string[] = ['drain', 'shutdown'];

function ofKind(command: Command, inventory: Inventory): Inventory {
  if (!windowsAlone.includes(command.name())) return inventory;
  const own = [...inventory.hosts].filter(([, { url }]) => url.scheme === 'windows');
  return { ...inventory, hosts: new Map(own) };
}

/** The switches of one of Microsoft's commands, as far as one is typed in the case that it is typed in. */
function switches(command: Command, current: string, inventory: Inventory): readonly Candidate[] {
  const own = switchesOf(command).filter(
    (name) => name.startsWith(current.toLowerCase()) && (name !== '/server:' || current === '/'),
  );
  const servers = /^\/s/i.test(current) ? serverSwitches(current, inventory) : [];
  return [...plain(own.map((name) => `${current}${name.slice(current.length)}`)), ...servers];
}

/** `/server:NAME` of Microsoft's commands, as far as it is typed in the case that it is typed in. */
function serverSwitches(current: string, inventory: Inventory): readonly Candidate[] {
  const name = '/server:';
  const typed = current.slice(0, name.length);
  if (!name.startsWith(typed.toLowerCase())) return [];
  const prefix = `${typed}${name.slice(typed.length)}`;
  return hosts(inventory).map(({ text, description }) => ({ text: `${prefix}${text}`, description }));
}

function valuesOf(option: Option, inventory: Inventory): readonly Candidate[] {
  switch (option.attributeName()) {
    case 'server':
      return hosts(inventory);
    case 'group':
      return plain(groupsOf(inventory));
    case 'credential':
      return plain([...inventory.credentials.keys()]);
    case 'state':
      return plain(sessionStates);
    case 'columns':
    case 'sort':
      return plain(columnNames);
    default:
      return plain(option.argChoices ?? []);
  }
}

const plain = (texts: readonly string[]): readonly Candidate[] => texts.map((text) => ({ text, description: '' }));

function hosts(inventory: Inventory): readonly Candidate[] {
  const names = [...inventory.hosts.values()].map(({ name, groups }) => ({
    text: name,
    description: groups.join(' '),
  }));
  return [...names, ...groupsOf(inventory).map((group) => ({ text: `@${group}`, description: 'group' }))];
}
