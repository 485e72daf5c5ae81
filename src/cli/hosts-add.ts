import { Command } from 'commander';
import { addHost, checkNewHost, type NewHost } from '../fleet/inventory-edit.ts';
import { readInventory } from '../fleet/inventory-file.ts';
import { startDeadline, untilAborted } from '../fleet/deadline.ts';
import { hostOfUrl } from '../fleet/selection.ts';
import { toldOf } from '../fleet/fleet.ts';
import { UsherError } from '../sessions/errors.ts';
import { formatHostUrl, type Host, parseHostUrl } from '../sessions/host.ts';
import { type CliCommand, withExamples } from './command.ts';
import { collect } from './globals.ts';
import { placeOf, printJson, type Run } from './run.ts';
import type { HostKey, ReadHostKey } from './surroundings.ts';
import { printable } from './printable.ts';

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
      "Adds a host to the inventory. For an SSH host whose key is not known yet it shows the key's fingerprint and asks before it is trusted.",
    )
    .argument('<name>', 'what the host shall be called')
    .argument('<url>', 'ssh://[user@]host[:port], windows://[domain\\]user@host[:port] or local:')
    .option('--group <name>', 'a group that it is in; may be given several times', collect)
    .option('--tag <name[=value]>', 'a tag; may be given several times', collect)
    .option('--credential <name>', 'the credential of the inventory to log on with')
    .option(
      '--accept-fingerprint <fingerprint>',
      'trust the SSH host key with this fingerprint (SHA256:…) without asking',
    )
    .option('--offline', 'do not look for the host and its key now');
  return withExamples(command, [
    ['usher hosts add ts01 ssh://root@192.0.2.7', 'shows the key and asks'],
    ['usher hosts add ts02 ssh://ops@ts02.corp.example --group rds --tag site=paris', 'in a group, with a tag'],
    ['usher hosts add ts03 ssh://ts03 --accept-fingerprint SHA256:pCoS…', 'for scripts'],
  ]);
}

export const hostsAdd: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const host = parse(run.words, flags);
    const { file } = placeOf(run);
    const { places, stdout } = run.around;
    checkNewHost(await readInventory({ file, named: false }, places), host);
    const known =
      flags.offline || host.url.scheme !== 'ssh' ? true : await makeKnown(run, host, flags.acceptFingerprint);
    if (!known && !run.globals.dryRun) throw notAccepted(host.name);
    if (!run.globals.dryRun) await addHost(file, host, places);
    const done = run.globals.dryRun ? 'would be added' : 'added';
    if (run.globals.format === 'json') {
      const { name, url, groups, tags, credential } = host;
      const row = { name, url: formatHostUrl(url), groups, tags: Object.fromEntries(tags), credential };
      printJson(run, { hosts: [row], added: !run.globals.dryRun, file, errors: [] });
    } else if (!run.globals.quiet) {
      stdout.write(`${printable(`${host.name} ${done} to ${file}`)}\n`);
    }
    return 0;
  },
};

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

/** Whether the host's key is trusted now. Throws where it must not be, or where nobody can be asked. */
async function makeKnown(run: Run, host: Host, accepted: string | undefined): Promise<boolean> {
  const { around, globals } = run;
  const key = await readKey(run, await around.hostKeys({ sshConfigFile: globals.sshConfigFile }), host);
  if (accepted !== undefined && key.fingerprint !== fingerprintOf(accepted)) throw anotherKey(host.name, key, accepted);
  if (key.status === 'known') return true;
  if (key.status !== 'unknown') throw distrusted(host.name, key, key.status);
  if (globals.dryRun) return false;
  if (accepted === undefined && !(await agreed(run, host, key))) return false;
  await key.trust();
  return true;
}

async function readKey({ around, globals }: Run, read: ReadHostKey, host: Host): Promise<HostKey> {
  using deadline = startDeadline(globals.timeout, around.signal, around.timers);
  try {
    return await untilAborted(read(host, deadline.signal), deadline.signal);
  } catch (error) {
    throw toldOf({ ...hostOfUrl(host.url), name: host.name }, deadline, globals.timeout, error);
  }
}

async function agreed({ around }: Run, { name }: Host, key: HostKey): Promise<boolean> {
  const { terminal, stderr } = around;
  if (terminal === null) {
    throw new UsherError({
      code: 'usage',
      message: `the key of ${name} is not known yet and nobody can be asked: ${key.type} ${key.fingerprint}`,
      hint: `compare it with the host's own, then add --accept-fingerprint ${key.fingerprint}`,
    });
  }
  stderr.write(`${printable(name)} shows the host key\n  ${printable(`${key.type} ${key.fingerprint}`)}\n`);
  stderr.write("Compare it with the host's own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\n");
  const answer = (await terminal.ask('Trust it from now on? (yes/no, or the fingerprint) '))?.trim() ?? '';
  return /^y(es)?$/i.test(answer) || (answer !== '' && fingerprintOf(answer) === key.fingerprint);
}

/** People paste it with and without its padding. */
const fingerprintOf = (text: string): string => text.trim().replace(/=+$/, '');

function notAccepted(host: string): UsherError {
  return new UsherError({ code: 'host_key_unknown', message: 'its key was not accepted: nothing was added', host });
}

function anotherKey(host: string, key: HostKey, accepted: string): UsherError {
  const message = `it shows the key ${key.fingerprint}, not ${accepted.slice(0, 80)}: nothing was added`;
  return new UsherError({ code: 'host_key_changed', message, host });
}

function distrusted(host: string, key: HostKey, status: 'changed' | 'revoked'): UsherError {
  const why = status === 'revoked' ? 'is revoked in known_hosts' : 'is not the one in known_hosts';
  return new UsherError({
    code: 'host_key_changed',
    message: `the key that it shows, ${key.type} ${key.fingerprint}, ${why}: nothing was added`,
    host,
    hint: 'somebody may be in between; where the host really has a new key, remove the old one first: ssh-keygen -R HOST',
  });
}
