import { Command } from 'commander';
import { removeHosts } from '../fleet/inventory-edit.ts';
import { unknownName } from '../fleet/unknown-host.ts';
import { type CliCommand, withExamples } from './command.ts';
import { printable } from './printable.ts';
import { ownInventoryFor, placeOf, printJson } from './run.ts';

function describe(name: string): Command {
  const command = new Command(name)
    .summary('remove hosts from the inventory')
    .description('Removes hosts from the inventory. Their sessions and the keys in known_hosts stay as they are.')
    .argument('<names...>', 'inventory names');
  return withExamples(command, [['usher hosts remove ts01 ts02', 'forgets two hosts']]);
}

export const hostsRemove: CliCommand = {
  describe,
  async run(run) {
    const names = [...new Set(run.words)];
    const inventory = await ownInventoryFor(run);
    const missing = names.find((name) => !inventory.hosts.has(name));
    if (missing !== undefined) throw unknownName(missing, inventory);
    const { dryRun, quiet, format } = run.globals;
    if (!dryRun) await removeHosts(placeOf(run).file, names, run.around.places);
    if (format === 'json') {
      printJson(run, { hosts: names, removed: !dryRun, file: inventory.file, errors: [] });
    } else if (!quiet) {
      const done = dryRun ? 'would be removed' : 'removed';
      run.around.stdout.write(`${printable(`${names.join(', ')} ${done} from ${inventory.file}`)}\n`);
    }
    return 0;
  },
};
