import type { Milliseconds } from '../../sessions/duration.ts';
import type { HostListener } from '../listen/host-listener.ts';
import { type Listening, listen } from '../listen/listen.ts';
import type { LoopbackRange } from '../listen/places.ts';
import type { LedgerBook } from '../world/ledger.ts';
import type { EstateHost, SimulatedEstate } from './estate.ts';
import { smbServerOf } from './smb-server.ts';

export interface ServeFacts {
  readonly range: LoopbackRange;
  /** How many ports are tried after the one of the range where it is taken. */
  readonly otherPorts: number;
  readonly random: (count: number) => Uint8Array;
  /** Real time, whatever the hosts' own clock says. */
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
}

/** A host, and where it is spoken to. */
export interface ServedHost extends EstateHost {
  readonly listener: HostListener;
}

export interface ServedEstate extends AsyncDisposable {
  readonly hosts: readonly ServedHost[];
}

/** Listens for all hosts of an estate. A host that goes down is not listened for until it is up again. Throws as `listen`. */
export async function serveEstate(
  { hosts }: SimulatedEstate,
  ledger: LedgerBook,
  { random, ...facts }: ServeFacts,
): Promise<ServedEstate> {
  const servers = hosts.map(({ host }) => ({ server: smbServerOf(host, random) }));
  const listening = await listen(servers, { ...facts, random });
  const served = hosts.map((one, at) => ({ ...one, listener: listenerOf(listening, at) }));
  const byName = new Map(served.map((one) => [one.host.name, one]));
  const watching = ledger.watch(({ what, host }) => {
    if (what.kind === 'went-down') void byName.get(host)?.listener.down();
    // Where its place is taken by now nobody can come back to it: so it stays away.
    if (what.kind === 'booted')
      byName
        .get(host)
        ?.listener.up()
        .catch(() => undefined);
  });
  return {
    hosts: served,
    async [Symbol.asyncDispose]() {
      watching[Symbol.dispose]();
      await listening[Symbol.asyncDispose]();
    },
  };
}

function listenerOf({ hosts }: Listening, at: number): HostListener {
  const listener = hosts[at];
  if (listener === undefined) throw new TypeError('a host without a listener');
  return listener;
}
