import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { realTimers } from '../../../src/fleet/deadline.ts';
import type { HostListener } from '../../../src/simulator/listen/host-listener.ts';
import { smbServerOf } from '../../../src/simulator/listen/host-server.ts';
import { listen } from '../../../src/simulator/listen/listen.ts';
import { parseRange } from '../../../src/simulator/listen/places.ts';
import type { SimulatedHost } from '../../../src/simulator/world/host.ts';
import { LedgerBook } from '../../../src/simulator/world/ledger.ts';
import type { SmbServerParameters } from '../../../src/wire/smb/server/parameters.ts';
import { SmbServer } from '../../../src/wire/smb/server/server.ts';
import { mustRun } from '../harness/command.ts';
import type { SimulatedWorld } from './simulated/settings.ts';
import { labHost, logonAccount } from './simulated/world.ts';

export const users = {
  tsadmin: { name: 'tsadmin', domain: 'ORACLE', password: 'Passw0rd!' },
  plain: { name: 'plain', domain: 'ORACLE', password: 'Pla1n-Passw0rd!' },
} as const;

/** A host of the simulated estate, as it stands by itself: our own SMB server in front of its endpoint. */
export interface EstateHost extends AsyncDisposable {
  readonly port: number;
  /** The Python that has impacket, for clients of the lab. */
  readonly python: string;
  readonly host: SimulatedHost;
  readonly ledger: LedgerBook;
  readonly listener: HostListener;
  /** Every call that was answered, and to whom: `tsadmin OpenLocalMachine`. */
  readonly calls: readonly string[];
}

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** Starts one with the lab's sessions on 127.0.0.1; `smb` says what is otherwise about its SMB. */
export async function startEstateHost(
  smb: Partial<SmbServerParameters> = {},
  world: Partial<SimulatedWorld> = {},
): Promise<EstateHost> {
  const python = (await mustRun('bash', ['test/lab/windows/python.sh'], { timeoutMs: 300_000 })).trim();
  const ledger = new LedgerBook();
  const { tsadmin, plain } = users;
  const accounts = [
    logonAccount(tsadmin.name, tsadmin.password, true),
    logonAccount(plain.name, plain.password, false),
  ];
  const host = labHost(
    { clock: 'still', behaviours: [], policies: {}, sessionBehaviours: {}, ...world },
    accounts,
    ledger,
  );
  const calls: string[] = [];
  const server = smbServerOf(host, { random, answered: ({ name, account }) => calls.push(`${account.name} ${name}`) });
  const listening = await listen([{ server: new SmbServer({ ...server.parameters, ...smb }) }], {
    range: parseRange(`127.0.0.1:${await freePort()}`),
    random,
    after: (delay, work) => realTimers.after(delay, work),
  });
  const [listener] = listening.hosts;
  if (listener === undefined) throw new Error('nothing listens');
  const stop = (): Promise<void> => Promise.resolve(listening[Symbol.asyncDispose]());
  return { port: listener.place.port, python, host, ledger, listener, calls, [Symbol.asyncDispose]: stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
