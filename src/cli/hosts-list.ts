import { Command } from 'commander';
import type { FleetHost } from '../fleet/inventory.ts';
import { selectHosts } from '../fleet/selection.ts';
import { formatHostUrl } from '../sessions/host.ts';
import { type CliCommand, type ServerFlags, serversOf, withAllHosts, withExamples } from './command.ts';
import { csvLine } from './printable.ts';
import { inventoryFor, paintOf, printJson, remark } from './run.ts';
import { renderTable, type TableColumn } from './table.ts';

function describe(name: string): Command {
  const command = new Command(name)
    .summary('list the hosts of the inventory')
    .description('Lists the hosts of the inventory, with their groups and tags. Contacts none of them.')
    .argument('[hosts...]', 'inventory names, @groups and globs; every host without them');
  return withExamples(withAllHosts(command), [
    ['usher hosts list', 'all of them'],
    ['usher hosts list @rds "ts*"', 'a group, and a glob over names'],
  ]);
}

export const hostsList: CliCommand<ServerFlags> = {
  describe,
  async run(run, { allHosts = false }) {
    const { stdout, places } = run.around;
    const inventory = await inventoryFor(run);
    const named = serversOf({ server: run.words, allHosts });
    const chosen = named.length > 0 ? selectHosts(named, inventory, places.platform).hosts : null;
    const hosts = chosen ?? [...inventory.hosts.values()];
    if (run.globals.format === 'json') {
      printJson(run, { hosts: hosts.map(hostJson), file: inventory.file, errors: [] });
    } else if (run.globals.format === 'csv') {
      const rows = hosts.map((host) => csvLine([host.name, formatHostUrl(host.url), ...textsOf(host)]));
      stdout.write(csvLine(['name', 'url', 'groups', 'tags', 'credential']) + rows.join(''));
    } else if (hosts.length > 0 || !stdout.isTerminal) {
      const width = stdout.isTerminal ? (stdout.columns ?? 80) : null;
      stdout.write(renderTable(columns, hosts, { width, paint: paintOf(run) }));
    }
    if (hosts.length === 0 && run.globals.format === 'text') {
      remark(
        run,
        String.raw`${inventory.file} holds no host; add one: usher hosts add NAME 'windows://DOMAIN\USER@HOST' (or ssh://USER@HOST)`,
      );
    }
    return 0;
  },
};

function hostJson({ name, url, groups, tags, credential, slots, simulated }: FleetHost) {
  const named = credential?.name ?? null;
  return { name, url: formatHostUrl(url), groups, tags: Object.fromEntries(tags), credential: named, slots, simulated };
}

function textsOf({ groups, tags, credential }: FleetHost): readonly [groups: string, tags: string, credential: string] {
  const tagTexts = [...tags].map(([tag, value]) => (value === '' ? tag : `${tag}=${value}`));
  return [groups.join(' '), tagTexts.join(' '), credential?.name ?? ''];
}

const column = (title: string, priority: number, least: number, text: (host: FleetHost) => string) =>
  ({ title, align: 'left', priority, least, text }) as const satisfies TableColumn<FleetHost>;

const columns: readonly TableColumn<FleetHost>[] = [
  { ...column('NAME', 1, 10, ({ name }) => name), cut: 'middle' },
  column('URL', 1, 16, ({ url }) => formatHostUrl(url)),
  column('GROUPS', 2, 8, (host) => textsOf(host)[0]),
  column('TAGS', 3, 8, (host) => textsOf(host)[1]),
  column('CREDENTIAL', 3, 8, (host) => textsOf(host)[2]),
];
