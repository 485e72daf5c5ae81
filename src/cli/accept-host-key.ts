import { startDeadline, untilAborted } from '../fleet/deadline.ts';
import { toldOf } from '../fleet/fleet.ts';
import { tellingHowToAccept } from '../fleet/host-key-hint.ts';
import { hostOfUrl } from '../fleet/selection.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Host } from '../sessions/host.ts';
import { printable } from './printable.ts';
import type { Run } from './run.ts';
import type { HostKey, ReadHostKey } from './surroundings.ts';

/** What became of a host's key: it was `known` before, is `trusted` from now on, or was `left` as it was. */
export type KeyOutcome = 'known' | 'trusted' | 'left';

/**
 * Reads the host's key and makes it known where a person, or the fingerprint that was accepted beforehand, says so.
 * Throws {@link UsherError} where it must not be trusted, where nobody can be asked, or where the host does not answer.
 */
export async function makeKnown(run: Run, host: Host, accepted: string | undefined): Promise<KeyOutcome> {
  const { around, globals } = run;
  const key = await readKey(run, await around.hostKeys(globals), host);
  if (accepted !== undefined && key.fingerprint !== fingerprintOf(accepted)) throw anotherKey(host.name, key, accepted);
  if (key.status === 'known') return 'known';
  if (key.status !== 'unknown') throw distrusted(host.name, key, key.status);
  if (globals.dryRun) return 'left';
  if (accepted === undefined && !(await agreed(run, host, key))) return 'left';
  await key.trust();
  return 'trusted';
}

async function readKey({ around, globals }: Run, read: ReadHostKey, host: Host): Promise<HostKey> {
  using deadline = startDeadline(globals.timeout, around.signal, around);
  try {
    return await untilAborted(read(host, deadline.signal), deadline.signal);
  } catch (error) {
    const told = toldOf(
      { ...hostOfUrl(host.url), name: host.name },
      deadline,
      globals.timeout,
      tellingHowToAccept(error, host),
    );
    throw told instanceof UsherError
      ? withHint(told, 'nothing was added: --offline adds it without a look at it')
      : told;
  }
}

function withHint({ code, message, host, operation, hint, cause }: UsherError, more: string): UsherError {
  const facts = { code, message, host: host ?? undefined, operation: operation ?? undefined, cause };
  return new UsherError({ ...facts, hint: hint === null ? more : `${hint}; ${more}` });
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
  const file = printable(`/etc/ssh/ssh_host_${key.type.toLowerCase()}_key.pub`);
  stderr.write(`Compare it with the host's own: ssh-keygen -lf ${file}\n`);
  const answer = (await terminal.ask('Trust it from now on? (yes/no, or the fingerprint) '))?.trim() ?? '';
  return /^y(es)?$/i.test(answer) || (answer !== '' && fingerprintOf(answer) === key.fingerprint);
}

/** People paste it with and without its padding. */
const fingerprintOf = (text: string): string => text.trim().replace(/=+$/, '');

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
