import { NtlmServer } from '../../wire/ntlm/server.ts';
import type { AuthType } from '../../wire/rpc/pdus/sec-trailer.ts';
import type { LogonSide } from '../../wire/security/mechanism.ts';
import { SpnegoAcceptor } from '../../wire/spnego/acceptor.ts';
import type { Account } from '../world/account.ts';
import type { SimulatedHost } from '../world/host.ts';

/** NTLM as a host's accounts know it: for RPC, and for SMB. */
export function ntlmServer(host: SimulatedHost, random: (count: number) => Uint8Array): NtlmServer {
  const { name, domain, dnsDomain, accounts } = host;
  return new NtlmServer({
    nbComputerName: name,
    nbDomainName: domain,
    dnsComputerName: `${name.toLowerCase()}.${dnsDomain}`,
    dnsDomainName: dnsDomain,
    time: host.now(),
    serverChallenge: random(8),
    channelBindings: null,
    ntHashOf: (who) => accounts.find(who.user, who.domain)?.ntHash ?? null,
  });
}

/** Who logs on within RPC. */
export class RpcLogon {
  readonly #host: SimulatedHost;
  readonly #random: (count: number) => Uint8Array;
  #ntlm: NtlmServer | null = null;

  constructor(host: SimulatedHost, random: (count: number) => Uint8Array) {
    this.#host = host;
    this.#random = random;
  }

  /** Null until somebody has logged on. */
  get account(): Account | null {
    const logon = this.#ntlm?.logon ?? null;
    return logon === null ? null : this.#host.accounts.find(logon.user, logon.domain);
  }

  acceptor(type: AuthType): LogonSide | null {
    if (type === 'kerberos') return null;
    this.#ntlm = ntlmServer(this.#host, this.#random);
    return type === 'ntlm' ? this.#ntlm : new SpnegoAcceptor([this.#ntlm]);
  }
}
