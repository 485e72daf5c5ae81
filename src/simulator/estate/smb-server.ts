import { NtlmLogon } from '../../wire/smb/server/logon.ts';
import type { OpenPipe } from '../../wire/smb/server/pipe.ts';
import { SmbServer } from '../../wire/smb/server/server.ts';
import { openPipe, pipeNames } from '../endpoint/pipes.ts';
import type { SimulatedHost } from '../world/host.ts';

/** The SMB server of a simulated host: who logs on to it is who the host's pipes speak to. */
export function smbServerOf(host: SimulatedHost, random: (count: number) => Uint8Array): SmbServer {
  const { name, domain, dnsDomain, accounts } = host;
  const names = {
    nbComputerName: name,
    nbDomainName: domain,
    dnsComputerName: `${name.toLowerCase()}.${dnsDomain}`,
    dnsDomainName: dnsDomain,
  };
  const open: OpenPipe = ({ name: pipe, account, client }) => {
    const opened = openPipe(host, pipe, accounts.find(account.user, account.domain), {
      send: (pdu) => client.send(pdu),
      closed: () => client.end(),
      random,
    });
    return opened === null ? null : { receive: (message) => opened.receive(message), end: () => opened.close() };
  };
  return new SmbServer({
    serverGuid: random(16),
    now: () => host.now(),
    logon: () =>
      new NtlmLogon({
        ...names,
        time: host.now(),
        serverChallenge: random(8),
        accounts: { ntHashOf: ({ user, domain: of }) => accounts.find(user, of)?.ntHash ?? null },
      }),
    openPipe: open,
    hasPipe: (pipe) => pipeNames.some((one) => one.toLowerCase() === pipe.toLowerCase()),
  });
}
