import { isIP } from 'node:net';
import { UsherError } from '../../../sessions/errors.ts';
import { shellWord } from '../../../sessions/shell-word.ts';
import { type Finding, finding } from '../../finding.ts';
import type { SshSettings } from '../ssh/config.ts';

type Named = Pick<SshSettings, 'alias' | 'hostName'>;

const mostAddresses = 8;

/** What the host's name stands for. */
export function foundByName({ alias, hostName }: Named, addresses: readonly string[]): Finding {
  const shown = addresses.slice(0, mostAddresses).join(', ');
  const configured = alias === hostName ? [] : [`HostName of ${alias} in the SSH configuration: ${hostName}`];
  const summary = isIP(hostName) === 0 ? `${hostName} is ${shown}` : `${hostName} is an address`;
  return finding('name', 'ok', summary, { details: configured });
}

export function notFoundByName({ alias, hostName }: Named, cause: unknown): Finding {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const isSilent = code === 'EAI_AGAIN';
  const message = isSilent ? `no name server answers about ${hostName}` : `the name ${hostName} cannot be resolved`;
  const configuration = {
    where: 'here, to see which name ssh makes of it',
    paste: `ssh -G ${shellWord(alias)} | grep -i '^hostname '`,
  };
  return finding('name', 'problem', message, {
    meaning: isSilent
      ? 'This machine reaches no name server. Until it does, name the host by its address.'
      : 'Neither DNS nor the hosts file of this machine knows the name. It may be misspelt, lack its domain, or be known only inside a network (VPN) that this machine is not in.',
    mends: [
      { where: 'here, to ask the name server', paste: `nslookup ${shellWord(hostName)}` },
      ...(alias === hostName ? [] : [configuration]),
    ],
    details: code === '' ? [] : [`getaddrinfo: ${code}`],
    error: new UsherError({ code: 'unreachable', message, cause }),
  });
}
