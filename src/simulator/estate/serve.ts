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

/** Listens for all hosts of an estate: each has its SMB server. Throws as `listen`. */
export async function serveEstate({ hosts }: SimulatedEstate, facts: EstateFacts): Promise<ServedEstate> {
  const { random } = facts;
  const listening = await listen(
    hosts.map(({ host }) => listeningHost(host, { random })),
    facts,
  );
  return {
    hosts: hosts.map((one, at) => {
      const listener = listening.hosts[at];
      if (listener === undefined) throw new TypeError('a host without a listener');
      return { ...one, listener };
    }),
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}
