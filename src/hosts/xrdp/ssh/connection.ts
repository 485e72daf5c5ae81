import { Socket } from 'node:net';
import { UsherError, withContext } from '../../../sessions/errors.ts';
import type { Host } from '../../../sessions/host.ts';
import type { Credential } from '../../credential.ts';
import type { Transport } from '../transport.ts';
import { startCommand } from './command.ts';
import type { SshEnvironment } from './environment.ts';
import { type Link, openHop } from './hop.ts';
import { type Hop, planRoute } from './route.ts';

/** Milliseconds that a connection is given to say goodbye. */
const farewellLimit = 500;
/** The operation that errors name. */
export const connecting = 'connecting over SSH';

/**
 * Logs on to a host, through its jump hosts where the SSH configuration names some, and keeps the connection. Throws
 * {@link UsherError} with the host in it; an abort that is no time-out is thrown as it is.
 */
export async function connectSsh(
  host: Host,
  credential: Credential,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<Transport> {
  return explain(host, connecting, async () => {
    const route = await planRoute(host, credential, environment);
    const links = await openLinks(route, environment, signal);
    return keepTransport(host, route.at(-1)?.settings.user ?? null, links);
  });
}

/** Opens one link after another, each through the one before; closes them all where one fails. */
export async function openLinks(
  route: readonly Hop[],
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<readonly Link[]> {
  const links: Link[] = [];
  try {
    for (const hop of route) {
      links.push(await nameJump(hop, () => openHop(hop, links.at(-1)?.client ?? null, environment, signal)));
    }
    return links;
  } catch (error) {
    await closeLinks(links);
    throw error;
  }
}

/** Says goodbye on every link, the innermost first. Does not wait for a dead peer. */
export async function closeLinks(links: readonly Link[]): Promise<void> {
  for (const { client } of links.toReversed()) {
    try {
      client.end();
    } catch {
      // ssh2 throws where the other side has hung up before: nothing is left to end.
    }
  }
  const socket = links[0]?.stream;
  if (!(socket instanceof Socket) || socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), farewellLimit);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.destroySoon();
  });
}

/** Adds the host to an error, and makes one of a time-out of the caller's. */
export async function explain<T>(host: Host, operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsherError) throw withContext(error, { host: host.name, operation });
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    throw new UsherError({ code: 'timeout', message: 'no answer in time', host: host.name, operation, cause: error });
  }
}

/** Says of which jump host an error is. */
export async function nameJump<T>(hop: Hop, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hop.isJump || !(error instanceof UsherError)) throw error;
    const { code, cause, hint } = error;
    const message = `jump host ${hop.settings.alias}: ${error.message}`;
    throw new UsherError({ code, message, cause, hint: hint ?? undefined });
  }
}

/** The links as a way to run commands, until it is closed or lost. */
export function keepTransport(host: Host, user: string | null, links: readonly Link[]): Transport {
  const { promise: closed, resolve } = Promise.withResolvers<Error | null>();
  let isOpen = true;
  const lose = (cause?: Error): void => {
    if (!isOpen) return;
    isOpen = false;
    const message = 'the SSH connection was lost';
    resolve(new UsherError({ code: 'connection_lost', message, host: host.name, cause }));
    void closeLinks(links);
  };
  for (const { client } of links) {
    client.on('error', lose);
    client.once('close', () => lose());
  }
  return {
    user,
    closed,
    async start(command, signal) {
      const target = links.at(-1)?.client;
      if (target === undefined || !isOpen) {
        throw new UsherError({ code: 'connection_lost', message: 'the SSH connection has ended', host: host.name });
      }
      return explain(host, 'starting a command', () => startCommand(target, command, signal));
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      resolve(null);
      await closeLinks(links);
    },
  };
}
