import { NtlmLogon } from '../../wire/smb/server/logon.ts';
import { type SmbServerParameters, usual } from '../../wire/smb/server/parameters.ts';
import type { Pipe, PipeOpening } from '../../wire/smb/server/pipe.ts';
import { SmbServer } from '../../wire/smb/server/server.ts';
import type { SmbHabits } from '../behaviours/behaviour.ts';
import { hasPipe, openPipe, type PipeCarrier } from '../endpoint/pipes.ts';
import { isAdministrator } from '../world/account.ts';
import type { SimulatedHost } from '../world/host.ts';
import { HostLink } from './host-link.ts';
import type { ListeningHost } from './host-listener.ts';

type Own = 'serverGuid' | 'now' | 'logon' | 'openPipe' | 'hasPipe' | 'shares';

export interface HostServerFacts extends Pick<PipeCarrier, 'random' | 'answered'> {
  /** How its SMB is to be: signing, encryption, dialects. */
  readonly smb?: Omit<SmbServerParameters, Own>;
}

/** Shares that every Windows host has for its administrators. */
const administrativeShares = ['ADMIN$', 'C$'] as const;

/** A simulated host, as it is listened for while its power is on; its behaviours see every frame that leaves. */
export function listeningHost(host: SimulatedHost, facts: HostServerFacts): ListeningHost {
  return {
    server: smbServerOf(host, facts),
    link: () => new HostLink(host),
    power: { isOn: () => host.power !== 'down', whenOff: (hangUp) => host.whenDown(hangUp) },
  };
}

/** The SMB server of a simulated host: its accounts log on, its pipes are opened. */
export function smbServerOf(host: SimulatedHost, facts: HostServerFacts): SmbServer {
  const { random, smb } = facts;
  return new SmbServer({
    ...smb,
    // Asked anew for each connection: a behaviour may come and go.
    get credits() {
      return habitOf(host, 'credits') ?? smb?.credits ?? usual.credits;
    },
    get parkedRequests() {
      return habitOf(host, 'parkedRequests') ?? smb?.parkedRequests ?? usual.parkedRequests;
    },
    get transceives() {
      return habitOf(host, 'transceives') ?? smb?.transceives ?? 'several';
    },
    serverGuid: random(16),
    now: () => host.now(),
    logon: () => logonOf(host, random),
    openPipe: (opening) => openedPipe(host, opening, facts),
    hasPipe: (name) => hasPipe(host, name),
    shares: administrativeShares.map((name) => ({
      name,
      admits({ user, domain }) {
        const account = host.accounts.find(user, domain);
        return account !== null && isAdministrator(account);
      },
    })),
  });
}

function habitOf<Name extends keyof SmbHabits>({ behaviours }: SimulatedHost, name: Name): SmbHabits[Name] | null {
  return behaviours.find(({ smb }) => smb?.[name] !== undefined)?.smb?.[name] ?? null;
}

function logonOf(host: SimulatedHost, random: PipeCarrier['random']): NtlmLogon {
  const { name, domain, dnsDomain, accounts } = host;
  return new NtlmLogon({
    nbComputerName: name,
    nbDomainName: domain,
    dnsComputerName: `${name.toLowerCase()}.${dnsDomain}`,
    dnsDomainName: dnsDomain,
    time: host.now(),
    serverChallenge: random(8),
    accounts: { ntHashOf: ({ user, domain: of }) => accounts.find(user, of)?.ntHash ?? null },
  });
}

function openedPipe(host: SimulatedHost, opening: PipeOpening, facts: HostServerFacts): Pipe | null {
  const { name, account, client, link } = opening;
  const { random, answered } = facts;
  const pipe = openPipe(host, name, host.accounts.find(account.user, account.domain), {
    send: (pdu) => client.send(pdu),
    closed: () => client.end(),
    random,
    link,
    ...(answered === undefined ? {} : { answered }),
  });
  return pipe === null ? null : { receive: (message) => pipe.receive(message), end: () => pipe.close() };
}
