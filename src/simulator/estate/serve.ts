import { UsherError } from '../../sessions/errors.ts';
import type { HostListener } from '../listen/host-listener.ts';
import { listeningHost } from '../listen/host-server.ts';
import { type EstateFacts, listen } from '../listen/listen.ts';
import type { EstateHost, SimulatedEstate } from './estate.ts';

/** A host, and where it is spoken to. */
export interface ServedHost extends EstateHost {
  readonly listener: HostListener;
}

export interface ServedEstate extends AsyncDisposable {
  readonly hosts: readonly ServedHost[];
}

/** Listens for all hosts of an estate: each has its SMB server. Throws `UsherError` `unreachable` or `usage`. */
export async function serveEstate({ hosts }: SimulatedEstate, facts: EstateFacts): Promise<ServedEstate> {
  const { random } = facts;
  const listening = await listen(
    hosts.map(({ host }) => listeningHost(host, { random })),
    facts,
  ).catch((error: unknown) => {
    throw isOutOfFiles(error) ? tooMany(hosts.length, error) : error;
  });
  return {
    hosts: hosts.map((one, at) => {
      const listener = listening.hosts[at];
      if (listener === undefined) throw new TypeError('a host without a listener');
      return { ...one, listener };
    }),
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

const isOutOfFiles = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');

function tooMany(hosts: number, cause: unknown): UsherError {
  return new UsherError({
    code: 'unreachable',
    message: `the system lets this process have no ${hosts} sockets open`,
    hint: `raise the limit of open files (ulimit -n ${hosts + 1000}), or take fewer hosts`,
    cause,
  });
}
