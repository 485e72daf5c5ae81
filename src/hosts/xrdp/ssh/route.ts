import { UsherError } from '../../../sessions/errors.ts';
import { formatHostUrl, type Host } from '../../../sessions/host.ts';
import type { Credential } from '../../credential.ts';
import { resolveSettings, type SshSettings } from './config.ts';
import type { SshTarget } from './target.ts';
import type { SshEnvironment } from './environment.ts';
import { sshUser } from './proxy-jump.ts';

/** One machine on the way to a host, the host itself included. */
export interface Hop {
  readonly settings: SshSettings;
  /** Whom the credential is asked for. */
  readonly host: Host;
  readonly credential: Credential;
  readonly isJump: boolean;
}

/** Machines on the way, the host included. */
const mostHops = 9;

/**
 * The way to a host, outermost machine first. The user is what the URL says, else the credential, else the SSH
 * configuration, else this account's name; at a jump host the ProxyJump, else the configuration, else the account.
 */
export async function planRoute(
  host: Host,
  credential: Credential,
  environment: SshEnvironment,
): Promise<readonly [...Hop[], Hop]> {
  const { url } = host;
  if (url.scheme !== 'ssh') {
    throw new UsherError({ code: 'usage', message: `${formatHostUrl(url)} is not reached over SSH`, host: host.name });
  }
  const target: SshTarget = { alias: url.address, user: sshUser(url) ?? credential.user, port: url.port };
  const settings = await resolveSettings(target, environment);
  const jumps = await planJumps(settings, environment, new Set([target.alias]));
  if (jumps.length >= mostHops) {
    throw new UsherError({ code: 'bad_file', message: `the way to the host has more than ${mostHops} hops` });
  }
  return [
    ...jumps.map((jump) => jumpHop(jump, credential, environment)),
    { settings, host, credential, isJump: false },
  ];
}

/**
 * The jump hosts before a machine. The first may have its own; one that is already on the way is reached directly,
 * as under `Host *` with a ProxyJump that covers the jump host too.
 */
async function planJumps(
  settings: SshSettings,
  environment: SshEnvironment,
  seen: ReadonlySet<string>,
): Promise<readonly SshSettings[]> {
  const [first, ...rest] = settings.jumps;
  if (first === undefined || seen.has(first.alias) || seen.size > mostHops) return [];
  const outermost = await resolveSettings(first, environment);
  const before = await planJumps(outermost, environment, new Set([...seen, first.alias]));
  const after: SshSettings[] = [];
  for (const jump of rest) after.push(await resolveSettings(jump, environment));
  return [...before, outermost, ...after];
}

function jumpHop(settings: SshSettings, credential: Credential, environment: SshEnvironment): Hop {
  const { user, alias: address, port } = settings;
  const url = { scheme: 'ssh', user, domain: null, address, port } as const;
  const host: Host = { name: formatHostUrl(url), url };
  const keysOnly: Credential = {
    user: null,
    identityFiles: [],
    password: () => Promise.resolve(null),
    passphrase: (file) => credential.passphrase(file),
    sudoPassword: () => Promise.resolve(null),
  };
  return { settings, host, credential: environment.jumpCredential?.(host) ?? keysOnly, isJump: true };
}
