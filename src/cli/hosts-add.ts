import { Command } from 'commander';
import { notSpoken } from '../fleet/fleet.ts';
import { addHost, checkNewHost, type NewHost } from '../fleet/inventory-edit.ts';
import { readInventory } from '../fleet/inventory-file.ts';
import type { Inventory } from '../fleet/inventory.ts';
import type { HostDriver } from '../hosts/driver.ts';
import { UsherError } from '../sessions/errors.ts';
import { formatHostUrl, parseHostUrl } from '../sessions/host.ts';
import { makeKnown } from './accept-host-key.ts';
import { lookAtWindows } from './look-at-windows.ts';
import { type CliCommand, withExamples } from './command.ts';
import { collect } from './globals.ts';
import { printable } from './printable.ts';
import { type NoteRow, placeOf, printJson, remarkNote, type Run } from './run.ts';

interface Flags {
  readonly group?: readonly string[];
  readonly tag?: readonly string[];
  readonly credential?: string;
  readonly acceptFingerprint?: string;
  readonly offline?: boolean;
}

function describe(name: string): Command {
  const command = new Command(name)
    .summary('add a host to the inventory')
    .description(
      "Adds a host to the inventory. For an SSH host whose key is not known yet it shows the key's fingerprint and asks before it is trusted. For a Windows host it looks whether one answers, without logging on. A host that is there already, by the same name and URL, is only asked for its key.",
    )
    .argument('<name>', 'what the host shall be called')
    .argument(
      '<url>',
      String.raw`ssh://[user@]host[:port], windows://[domain\user@]host[:port], or local: for this machine`,
    )
    .option('--group <name>', 'a group that it is in; may be given several times', collect)
    .option('--tag <name[=value]>', 'a tag; may be given several times', collect)
    .option('--credential <name>', 'the credential of the inventory to log on with')
    .option(
      '--accept-fingerprint <fingerprint>',
      'trust the SSH host key with this fingerprint (SHA256:…) without asking',
    )
    .option('--offline', 'do not look for the host and its key now');
  return withExamples(command, [
    [
      String.raw`usher hosts add ts01 'windows://CORP\anna@ts01' --group rds --tag site=paris`,
      'in a group, with a tag',
    ],
    ['usher hosts add xh1 ssh://root@192.0.2.7', 'shows the key and asks'],
    ['usher hosts add xh2 ssh://xh2 --accept-fingerprint SHA256:pCoS…', 'for scripts'],
  ]);
}

export const hostsAdd: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const host = parse(run.words, flags);
    const { file } = placeOf(run);
    const { places } = run.around;
    const inventory = await readInventory({ file, named: false }, places);
    const looks = flags.offline !== true && host.url.scheme === 'ssh';
    const isThere = looks && isThereAlready(inventory, host);
    if (!isThere) checkNewHost(inventory, host);
    const key = looks ? await makeKnown(run, host, flags.acceptFingerprint) : 'known';
    if (isThere && key === 'known') checkNewHost(inventory, host);
    if (key === 'left' && !run.globals.dryRun) throw notAccepted(host.name);
    const driver = await driverOf(run, host);
    if (driver !== null && host.url.scheme === 'windows' && flags.offline !== true)
      await lookAtWindows(run, host, driver);
    if (!isThere && !run.globals.dryRun) await addHost(file, host, places);
    report(run, host, isThere, notesOn(run, host, driver));
    return 0;
  },
};

/** Whether it asks for nothing but what the inventory holds: then only its key may be to accept. */
function isThereAlready({ hosts }: Inventory, { name, url, groups, tags, credential }: NewHost): boolean {
  const there = hosts.get(name);
  const isBare = groups.length === 0 && tags.size === 0 && credential === null;
  return isBare && there !== undefined && formatHostUrl(there.url) === formatHostUrl(url);
}

async function driverOf({ around, globals }: Run, { url }: NewHost): Promise<HostDriver | null> {
  const drivers = await around.drivers(globals);
  return drivers.find(({ schemes }) => schemes.includes(url.scheme)) ?? null;
}

function notesOn({ globals }: Run, { name, url }: NewHost, driver: HostDriver | null): readonly NoteRow[] {
  const note = (code: string, message: string, hint: string | null): NoteRow => ({
    host: name,
    code,
    message,
    columns: [],
    hint,
  });
  const notes: NoteRow[] = [];
  if (driver === null) {
    notes.push(note('unsupported', `${notSpoken(url)}: every command fails on this host until a version can`, null));
  }
  if (url.scheme === 'windows' && url.user !== null && url.domain === null && !url.user.includes('@')) {
    const hint = String.raw`a domain stands before a backslash, which a shell keeps in quotes alone: 'windows://DOMAIN\user@host'`;
    notes.push(note('no-domain', `logs on as ${url.user}, of no domain`, hint));
  }
  if (globals.identityFiles.length > 0) {
    const hint =
      'give -i each time, or name the key in a credential of the inventory (identityFiles) and add the host with --credential';
    notes.push(note('identity-not-kept', 'the key of -i is not kept with the host', hint));
  }
  return notes;
}

function report(run: Run, host: NewHost, isThere: boolean, notes: readonly NoteRow[]): void {
  const { dryRun, format, quiet } = run.globals;
  const { name, url, groups, tags, credential } = host;
  const { file } = placeOf(run);
  if (format === 'json') {
    const row = { name, url: formatHostUrl(url), groups, tags: Object.fromEntries(tags), credential };
    printJson(run, { hosts: [row], added: !isThere && !dryRun, file, errors: [], notes });
    return;
  }
  const added = `${name} ${dryRun ? 'would be added' : 'added'} to ${file}`;
  const trusted = `${name} is in ${file} already; its key ${dryRun ? 'would be asked for' : 'is trusted now'}`;
  if (!quiet) run.around.stdout.write(`${printable(isThere ? trusted : added)}\n`);
  for (const note of notes) remarkNote(run, note);
}

function parse([name = '', url = '']: readonly string[], flags: Flags): NewHost {
  if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]{0,127}$/u.test(name)) {
    throw new UsherError({
      code: 'usage',
      message: `'${name.slice(0, 40)}' cannot be the name of a host`,
      hint: 'a name begins with a letter or digit and holds letters, digits, dots, hyphens and underscores only',
    });
  }
  const tags = (flags.tag ?? []).map((text): [string, string] => {
    const [tag = '', ...value] = text.split('=');
    return [tag, value.join('=')];
  });
  return {
    name,
    url: parseHostUrl(url),
    groups: [...new Set(flags.group ?? [])],
    tags: new Map(tags),
    credential: flags.credential ?? null,
  };
}

function notAccepted(host: string): UsherError {
  return new UsherError({ code: 'host_key_unknown', message: 'its key was not accepted: nothing was added', host });
}
