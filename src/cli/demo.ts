import { Command } from 'commander';
import { readInventory } from '../fleet/inventory-file.ts';
import { type CliCommand, withExamples } from './command.ts';
import { printable } from './printable.ts';
import type { Run } from './run.ts';
import { sessions } from './sessions.ts';
import type { RunningHost } from './simulated/port.ts';
import { bringUp } from './simulated/up.ts';
import { usualListen } from './simulate.ts';
import { watchThese } from './watch.ts';

function describe(name: string): Command {
  const command = new Command(name)
    .summary('a small simulated estate to look at')
    .description(
      'Brings up a small estate of simulated Windows hosts and shows it as `usher watch` does; on a pipe as a list, and then what changes. ' +
        'Two of its hosts are in trouble, each as its name says. Other commands find it by themselves where your own inventory holds no host. ' +
        'Ctrl-C ends it, and nothing of it stays.',
    );
  return withExamples(command, [['usher demo', 'six hosts with ninety sessions']]);
}

/** It is the same for everybody. */
const seed = 90;

export const demo: CliCommand = {
  describe,
  async run(run) {
    const wanted = { size: 'demo', seed, speed: 1, listen: usualListen, faults: null } as const;
    const [code, commands] = await show(run, wanted);
    tell(run, [
      'The estate is gone, and nothing of it is left. While one runs, paste into a second terminal:',
      ...commands,
    ]);
    return code;
  },
};

type Wanted = Parameters<typeof bringUp>[1];

async function show(run: Run, wanted: Wanted): Promise<readonly [code: number, commands: readonly string[]]> {
  const { places, openScreen } = run.around;
  await using up = await bringUp(run, wanted, null);
  const commands = commandsFor(up.usher, up.estate.hosts);
  const inventory = await readInventory({ file: up.inventory, named: true }, places);
  const hosts = [...inventory.hosts.values()];
  // What is listed here is not to be remembered: it is gone with the estate.
  const around = { ...run.around, places: { ...places, env: { ...places.env, USHER_MEMORY: 'off' } } };
  const inEstate: Run = { ...run, around, globals: { ...run.globals, inventoryFile: up.inventory } };
  tell(run, ['A simulated estate: nobody works here. To paste into a second terminal:', ...commands]);
  const isListed = openScreen === null && run.globals.format === 'text';
  if (isListed) await sessions.run(inEstate, {});
  const [first = '', ...more] = commands;
  const label = '2nd terminal: ';
  const pinned = [`${label}${first.trim()}`, ...more.map((line) => ' '.repeat(label.length) + line.trim())];
  return [await watchThese(inEstate, inventory, hosts, { pinned, changesOnly: isListed }), commands];
}

/** Three that show what Usher is for. */
function commandsFor(usher: string, hosts: readonly RunningHost[]): readonly string[] {
  const troubled = hosts.find(({ name }) => name.includes('hangs-on-logoff'));
  const plain = troubled?.users.filter((name) => /^[\w.]+$/.test(name)) ?? [];
  const [user] = plain.toSorted((one, other) => one.length - other.length);
  const end = user === undefined ? [] : [`end ${user}@${troubled?.name} --warn 10s --force`];
  return ['sessions --troubled', 'waste', ...end].map((command) => `  ${usher} ${command}`);
}

function tell({ around, globals }: Run, lines: readonly string[]): void {
  if (globals.quiet) return;
  around.stderr.write(lines.map((line) => `${printable(line)}\n`).join(''));
}
