import { milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import { HostListener, type ListenerFacts, type ListeningHost } from './host-listener.ts';
import { type LoopbackRange, type Place, placesOf, portsOf } from './places.ts';

type Optional = 'mostConnections' | 'logonWithin';

export interface EstateFacts extends Omit<ListenerFacts, Optional>, Partial<Pick<ListenerFacts, Optional>> {
  readonly range: LoopbackRange;
  /** How many ports are tried after the one of the range where it is taken; none where nothing is said. */
  readonly otherPorts?: number;
}

/** The hosts that are listened for, in their order. */
export interface Listening extends AsyncDisposable {
  readonly hosts: readonly HostListener[];
}

const usual = { mostConnections: 256, logonWithin: milliseconds(45_000) } as const;

/** How many sockets are opened at the same time. */
const atOnce = 256;

/**
 * Listens for every host, on a loopback address each; on a port each where the system has 127.0.0.1 alone. Throws `UsherError`
 * `unreachable` where there is no free port, or none that may be taken, and listens for none then.
 */
export async function listen(hosts: readonly ListeningHost[], facts: EstateFacts): Promise<Listening> {
  const { range, otherPorts = 0 } = facts;
  for (let more = 0; ; more++) {
    try {
      return await listenIn({ ...range, port: range.port + more }, hosts, facts);
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      if (code === 'EADDRINUSE' && more < otherPorts && range.port + more < highestPort) continue;
      const why = code === 'EACCES' ? 'may not be taken by this user' : 'is taken by another program';
      throw new UsherError({
        code: 'unreachable',
        message: `port ${range.port} ${why}`,
        hint: `name another: --listen 127.64.0.0/16:${anotherPort(range.port)}`,
        cause: error,
      });
    }
  }
}

const highestPort = 0xffff;

/** One that is likely to be free, and no privileged one. */
function anotherPort(port: number): number {
  const usualPort = 4450;
  return port < 1024 ? usualPort : port + 1000 <= highestPort ? port + 1000 : port - 1000;
}

async function listenIn(range: LoopbackRange, hosts: readonly ListeningHost[], facts: EstateFacts): Promise<Listening> {
  try {
    return await listenAt(placesOf(range, hosts.length), hosts, facts);
  } catch (error) {
    if (codeOf(error) !== 'EADDRNOTAVAIL') throw error;
    return listenAt(portsOf(range, hosts.length), hosts, facts);
  }
}

async function listenAt(
  places: readonly Place[],
  hosts: readonly ListeningHost[],
  facts: EstateFacts,
): Promise<Listening> {
  const listeners = hosts.map((host, at) => {
    const place = places[at];
    if (place === undefined) throw new TypeError('a host without a place');
    return new HostListener({ ...usual, ...facts, ...host, place });
  });
  const stop = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.down()));
  };
  for (let at = 0; at < listeners.length; at += atOnce) {
    const begun = await Promise.allSettled(listeners.slice(at, at + atOnce).map((listener) => listener.up()));
    const failed = begun.find((one) => one.status === 'rejected');
    if (failed === undefined) continue;
    await stop();
    throw failed.reason;
  }
  return { hosts: listeners, [Symbol.asyncDispose]: stop };
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);
