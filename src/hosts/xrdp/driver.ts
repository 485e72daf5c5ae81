import { UsherError, withContext } from '../../sessions/errors.ts';
import type { Host } from '../../sessions/host.ts';
import type { Credential, Secret } from '../credential.ts';
import { connectingTo } from '../connecting.ts';
import type { HostConnection, HostDriver } from '../driver.ts';
import { kept } from './connection.ts';
import { localTransport } from './local.ts';
import { startProbe } from './probe-session.ts';
import { connectSsh } from './ssh/connection.ts';
import type { XrdpSurroundings } from './surroundings.ts';
import type { Transport } from './transport.ts';

/** Linux xrdp hosts, over SSH or on this machine itself. Nothing is installed or written there. */
export function xrdpDriver(surroundings: XrdpSurroundings): HostDriver {
  return {
    schemes: ['ssh', 'local'],
    async *examine(host, credential, signal) {
      const { examineHost } = await import('./doctor/examine.ts');
      yield* examineHost(host, credential, surroundings, signal);
    },
    async connect(host, credential, signal) {
      try {
        return await connect(host, credential, surroundings, signal);
      } catch (error) {
        throw error instanceof UsherError
          ? withContext(error, { host: host.name, operation: connectingTo(host) })
          : error;
      }
    },
  };
}

async function connect(
  host: Host,
  credential: Credential,
  surroundings: XrdpSurroundings,
  signal: AbortSignal,
): Promise<HostConnection> {
  const transport = await transportTo(host, credential, surroundings, signal);
  credential.accepted?.();
  try {
    const { user } = transport;
    const sudoPassword = async (): Promise<Secret | null> =>
      user === null ? null : credential.sudoPassword(host, user);
    return kept(host, transport, await startProbe(transport, sudoPassword, signal));
  } catch (error) {
    await transport[Symbol.asyncDispose]();
    throw error;
  }
}

async function transportTo(
  host: Host,
  credential: Credential,
  surroundings: XrdpSurroundings,
  signal: AbortSignal,
): Promise<Transport> {
  if (host.url.scheme === 'ssh') return connectSsh(host, credential, surroundings.ssh, signal);
  if (surroundings.platform !== 'linux') {
    throw new UsherError({
      code: 'unsupported',
      message: 'local: lists the sessions of a Linux machine, and this is none',
      hint: String.raw`name a host: usher sessions -s 'windows://DOMAIN\user@host', or -s ssh://user@host`,
    });
  }
  return localTransport(surroundings.localUser);
}
