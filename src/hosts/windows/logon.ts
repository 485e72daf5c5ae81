import { NtlmClient } from '../../wire/ntlm/client.ts';
import { ntowfv1 } from '../../wire/ntlm/keys.ts';
import type { LogonInitiator } from '../../wire/security/mechanism.ts';
import { SpnegoInitiator } from '../../wire/spnego/initiator.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Host } from '../../sessions/host.ts';
import type { Credential } from '../credential.ts';
import { fileTimeOf } from './filetime.ts';

/** Whoever logs on to a Windows host, by password. */
export interface WindowsAccount {
  readonly user: string;
  /** Empty where the user is a `name@domain`, or the host's own. */
  readonly domain: string;
  /** NTOWFv1: it is kept instead of the password, and is as secret. */
  readonly ntHash: Uint8Array;
}

/** Throws `UsherError` `no_credential`. */
export async function accountOf(host: Host, credential: Credential): Promise<WindowsAccount> {
  if (host.url.scheme === 'local') throw new TypeError('local: is no Windows host');
  const { user, domain } = namesOf(host.url, credential.user);
  const name = domain === '' ? user : `${domain}\\${user}`;
  const password = await credential.password(host, name);
  if (password === null) {
    throw new UsherError({
      code: 'no_credential',
      message: `there is no password for ${name}`,
      hint: 'give it through the inventory, USHER_PASSWORD or --password-file',
    });
  }
  return { user, domain, ntHash: ntowfv1(password.reveal()) };
}

function namesOf(
  url: { readonly user: string | null; readonly domain: string | null },
  user: string | null,
): Pick<WindowsAccount, 'user' | 'domain'> {
  if (url.user !== null) return { user: url.user, domain: url.domain ?? '' };
  if (user === null) {
    throw new UsherError({
      code: 'no_credential',
      message: 'nobody says as whom to log on',
      hint: String.raw`name the user: windows://DOMAIN\user@host, or a credential of the inventory`,
    });
  }
  const cut = user.indexOf('\\');
  return cut < 0 ? { user, domain: url.domain ?? '' } : { user: user.slice(cut + 1), domain: user.slice(0, cut) };
}

export interface LogonSurroundings {
  /** This computer's name, which the host writes into its log. */
  readonly machine: string;
  readonly now: () => Temporal.Instant;
  readonly random: (count: number) => Uint8Array;
}

/** A logon to a service of a host (`cifs`, `host`) by SPNEGO with NTLMv2 in it. It says something once. */
export function initiatorFor(
  account: WindowsAccount,
  service: string,
  { machine, now, random }: LogonSurroundings,
): LogonInitiator {
  const ntlm = new NtlmClient({
    ...account,
    workstation: machine,
    targetName: service,
    channelBindings: null,
    time: fileTimeOf(now()),
    clientChallenge: random(8),
    exportedSessionKey: random(16),
  });
  return new SpnegoInitiator([ntlm]);
}
