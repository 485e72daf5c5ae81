import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { HostListener } from '../../../../src/simulator/listen/host-listener.ts';
import { listen } from '../../../../src/simulator/listen/listen.ts';
import { parseRange } from '../../../../src/simulator/listen/places.ts';
import { ntowfv1 } from '../../../../src/wire/ntlm/keys.ts';
import { NtlmServer, type NtlmServerFacts } from '../../../../src/wire/ntlm/server.ts';
import type { RpcServerParameters } from '../../../../src/wire/rpc/server/parameters.ts';
import { NtlmLogon } from '../../../../src/wire/smb/server/logon.ts';
import type { SmbServerParameters } from '../../../../src/wire/smb/server/parameters.ts';
import type { Account } from '../../../../src/wire/smb/server/pipe.ts';
import { SmbServer } from '../../../../src/wire/smb/server/server.ts';
import { SpnegoAcceptor } from '../../../../src/wire/spnego/acceptor.ts';
import { answeringPipe } from './answering-pipe.ts';
import { registry, sessions } from './calls.ts';

export const user = { name: 'anna', domain: 'CORP', password: 'Geh3im!' } as const;

const names = {
  nbComputerName: 'TS01',
  nbDomainName: 'CORP',
  dnsComputerName: 'ts01.corp.example',
  dnsDomainName: 'corp.example',
};

/** FILETIME of the beginning of 1970, and its ticks in a millisecond. */
const [unixEpoch, ticks] = [116_444_736_000_000_000n, 10_000n];
const now = (): bigint => BigInt(Date.now()) * ticks + unixEpoch;

const ntHashOf: NtlmServerFacts['ntHashOf'] = ({ user: name }) =>
  name.toLowerCase() === user.name ? ntowfv1(user.password) : null;

const acceptor: RpcServerParameters['acceptor'] = (type) => {
  if (type === 'kerberos') return null;
  const facts = { ...names, time: now(), serverChallenge: randomBytes(8), ntHashOf, channelBindings: null };
  const ntlm = new NtlmServer(facts);
  return type === 'ntlm' ? ntlm : new SpnegoAcceptor([ntlm]);
};

/** A host that we simulate: our own SMB server with two small endpoints behind it. */
export interface SimulatedHost extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Who opened pipes, in this order. */
  readonly accounts: readonly Account[];
  /** Sessions that were logged off. */
  readonly loggedOff: readonly number[];
  readonly listener: HostListener;
}

export async function startSimulatedHost(parameters: Partial<SmbServerParameters> = {}): Promise<SimulatedHost> {
  const accounts: Account[] = [];
  const loggedOff: number[] = [];
  const calls = { winreg: registry, lsm_api_service: sessions((session) => loggedOff.push(session)) };
  const callsOf = (name: string) => Object.entries(calls).find(([pipe]) => pipe === name.toLowerCase())?.[1] ?? null;
  const server = new SmbServer({
    serverGuid: randomBytes(16),
    now,
    logon: () => new NtlmLogon({ ...names, time: now(), serverChallenge: randomBytes(8), accounts: { ntHashOf } }),
    openPipe({ name, account, client }) {
      const known = callsOf(name);
      if (known === null) return null;
      accounts.push(account);
      return answeringPipe(client, known, acceptor);
    },
    hasPipe: (name) => callsOf(name) !== null,
    shares: [{ name: 'ADMIN$', admits: () => false }],
    ...parameters,
  });
  const listening = await listen([{ server }], {
    range: parseRange(`127.0.0.1:${await freePort()}`),
    random: (count) => randomBytes(count),
    after: (delay, work) => {
      const timer = setTimeout(work, delay);
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
  });
  const [listener] = listening.hosts;
  if (listener === undefined) throw new Error('nothing listens');
  const { place } = listener;
  return { ...place, accounts, loggedOff, listener, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
