import { UsherError } from '../../../sessions/errors.ts';
import type { Host } from '../../../sessions/host.ts';
import type { Credential } from '../../credential.ts';
import { closeLinks, connecting, explain, openLinks } from './connection.ts';
import type { SshEnvironment } from './environment.ts';
import { readHopKey, readKnownOf } from './hop.ts';
import { fingerprint, keyTypeName, keyTypeOf } from './key-blob.ts';
import { formatKnownHost, type HostKeyVerdict, isPlainName, judgeHostKey } from './known-hosts.ts';
import { appendKnownHost } from './known-hosts-file.ts';
import { planRoute } from './route.ts';

/** The key that a host has proved to have. */
export interface HostKey {
  /** As `ssh-keygen -l` prints it: `ED25519`. */
  readonly type: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** The line that makes it known, without a newline. */
  readonly line: string;
  /** The known_hosts file that the line belongs into. */
  readonly file: string;
  /** What known_hosts says of it now. */
  readonly verdict: HostKeyVerdict;
}

/**
 * Reads a host's key without logging on to it. Jump hosts are logged on to, and their own keys must be known. Throws
 * as `connectSsh` does.
 */
export async function readHostKey(
  host: Host,
  credential: Credential,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<HostKey> {
  return explain(host, connecting, async () => {
    const route = await planRoute(host, credential, environment);
    const hop = route[route.length - 1] ?? route[0];
    const of = await readKnownOf(hop);
    const links = await openLinks(route.slice(0, -1), environment, signal);
    try {
      const key = await readHopKey(hop, links.at(-1)?.client ?? null, of, signal);
      const file = hop.settings.userKnownHostsFiles[0];
      if (file === undefined || !isPlainName(of.name.name)) {
        throw new UsherError({ code: 'bad_file', message: `the SSH configuration leaves no place for a host's key` });
      }
      return {
        type: keyTypeName(keyTypeOf(key) ?? ''),
        fingerprint: fingerprint(key),
        line: formatKnownHost(of.name, key),
        file,
        verdict: judgeHostKey(of.known, of.name, key),
      };
    } finally {
      await closeLinks(links);
    }
  });
}

/** Makes a host's key known. Only after a person compared the fingerprint. */
export async function acceptHostKey(key: HostKey): Promise<void> {
  await appendKnownHost(key.file, key.line);
}
