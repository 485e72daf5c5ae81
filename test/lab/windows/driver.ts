import { realTimers } from '../../../src/fleet/deadline.ts';
import type { HostConnection } from '../../../src/hosts/driver.ts';
import { type Credential, Secret } from '../../../src/hosts/credential.ts';
import type { Finding } from '../../../src/hosts/finding.ts';
import { dialTcp } from '../../../src/hosts/windows/dial.ts';
import { windowsDriver } from '../../../src/hosts/windows/driver.ts';
import { fileTimeOf } from '../../../src/hosts/windows/filetime.ts';
import { RpcPipe } from '../../../src/hosts/windows/rpc-pipe.ts';
import { SmbClient } from '../../../src/hosts/windows/smb-client.ts';
import { type Host, parseHostUrl } from '../../../src/sessions/host.ts';
import type { RpcInterface } from '../../../src/wire/ndr/call.ts';
import { NtlmClient } from '../../../src/wire/ntlm/client.ts';
import { ntowfv1 } from '../../../src/wire/ntlm/keys.ts';
import type { ClientSecurity } from '../../../src/wire/rpc/client/parameters.ts';
import type { LogonInitiator } from '../../../src/wire/security/mechanism.ts';
import type { ConnectionParameters } from '../../../src/wire/smb/connection/parameters.ts';
import { SpnegoInitiator } from '../../../src/wire/spnego/initiator.ts';
import type { WindowsHost, WindowsUser } from './windows-host.ts';

const address = '127.0.0.1';
const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

export const patience = (): AbortSignal => AbortSignal.timeout(20_000);

/** `windows://ORACLE\tsadmin@127.0.0.1:44450`. */
export function urlOf(host: { readonly port: number }, user: WindowsUser): string {
  return `windows://${user.domain}\\${user.name}@${address}:${host.port}`;
}

const driver = windowsDriver({
  dial: dialTcp,
  machine: 'lab',
  now: () => Temporal.Now.instant(),
  random,
  after: (delay, work) => realTimers.after(delay, work),
});

const credentialOf = ({ password }: WindowsUser): Credential => ({
  user: null,
  identityFiles: [],
  password: async () => new Secret(password),
  passphrase: async () => null,
  sudoPassword: async () => null,
});

const hostOf = (host: { readonly port: number }, user: WindowsUser): Host => ({
  name: 'oracle',
  url: parseHostUrl(urlOf(host, user)),
});

/** The driver's own connection to a host, or to a relay in front of one. */
export function connectDriver(host: { readonly port: number }, user: WindowsUser): Promise<HostConnection> {
  return driver.connect(hostOf(host, user), credentialOf(user), patience());
}

/** What the driver finds at a host, or at a relay in front of one. */
export function examine(host: { readonly port: number }, user: WindowsUser): Promise<readonly Finding[]> {
  return Array.fromAsync(driver.examine(hostOf(host, user), credentialOf(user), AbortSignal.timeout(60_000)));
}

/** The SMB connection that the driver would make; `offer` narrows what it offers. */
export function connectSmb(
  host: WindowsHost,
  user: WindowsUser,
  offer: Pick<ConnectionParameters, 'ciphers' | 'signingAlgorithms'> = {},
): Promise<SmbClient> {
  const parameters = { serverName: address, clientGuid: random(16), salt: random(32), nonceStart: 0n, ...offer };
  const initiate = (): LogonInitiator => initiatorOf(user, 'cifs');
  return SmbClient.connect({ dial: dialTcp, address, port: host.port, parameters, initiate }, patience());
}

/** A pipe of a host with a logon of its own inside RPC, as the driver opens them. */
export function openPipe(
  smb: SmbClient,
  user: WindowsUser,
  called: RpcInterface,
  level: ClientSecurity['level'] = 'privacy',
): Promise<RpcPipe> {
  return RpcPipe.open(smb, [called], { type: 'negotiate', level, initiator: initiatorOf(user, 'host') });
}

function initiatorOf({ name, domain, password }: WindowsUser, service: string): LogonInitiator {
  const ntlm = new NtlmClient({
    user: name,
    domain,
    ntHash: ntowfv1(password),
    workstation: 'lab',
    targetName: `${service}/${address}`,
    channelBindings: null,
    time: fileTimeOf(Temporal.Now.instant()),
    clientChallenge: random(8),
    exportedSessionKey: random(16),
  });
  return new SpnegoInitiator([ntlm]);
}
