import { UsherError } from '../../../sessions/errors.ts';
import { type AppliedConfig, applyConfig, isNone } from './config-evaluation.ts';
import type { SshEnvironment } from './environment.ts';
import type { LogonMethod } from './logon-method.ts';
import { below, userDirectory } from './paths.ts';
import { type JumpTarget, parseProxyJump } from './proxy-jump.ts';
import type { SshTarget } from './target.ts';
import { expandFileName, expandHostName, type TokenValues } from './tokens.ts';

/** Everything that decides how one host is reached and logged on to. Times are milliseconds. */
export interface SshSettings {
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Null: the configuration names none, ssh's defaults are tried. */
  readonly identityFiles: readonly string[] | null;
  /** Only keys that a file names are offered, also of those that the agent holds. */
  readonly identitiesOnly: boolean;
  /** The agent's socket or pipe, or `pageant`. */
  readonly agent: string | null;
  /** What may be tried to log on with, in this order. */
  readonly logonMethods: readonly LogonMethod[];
  /** Outermost first, as ProxyJump lists them. */
  readonly jumps: readonly JumpTarget[];
  /** The first one takes what is added. */
  readonly userKnownHostsFiles: readonly string[];
  readonly systemKnownHostsFiles: readonly string[];
  readonly hostKeyAlias: string | null;
  /** The list of keys that no host is trusted with. */
  readonly revokedHostKeys: string | null;
  readonly connectTimeout: number;
  readonly keepAliveInterval: number;
  readonly keepAliveCount: number;
  /** Conditions of `Match` that were not evaluated. */
  readonly ignoredConditions: readonly string[];
}

const everyMethod: readonly LogonMethod[] = ['publickey', 'password', 'keyboard-interactive'];
const defaultConnectTimeout = 10_000;
const defaultKeepAliveInterval = 15_000;
const defaultKeepAliveCount = 3;
const sshPort = 22;

/**
 * Resolves a target with ssh_config(5). What the target says beats the configuration, which beats this account's name
 * as the user. Left out on purpose: `StrictHostKeyChecking` (Usher is always strict), `ProxyCommand` and every other
 * keyword that runs a program, canonicalisation, and the choice of algorithms.
 */
export async function resolveSettings(target: SshTarget, environment: SshEnvironment): Promise<SshSettings> {
  const applied = await applyConfig(target.alias, target.user, environment);
  const tokens: TokenValues = {
    alias: target.alias,
    hostName: expandHostName(applied.values.get('hostname') ?? target.alias, target.alias),
    hostKeyAlias: applied.values.get('hostkeyalias') ?? null,
    port: target.port ?? readNumber(applied, 'port', 65_535) ?? sshPort,
    user: target.user ?? applied.values.get('user') ?? environment.account,
  };
  const jumps = readJumps(applied);
  const expand = (file: string): string => expandFileName(file, tokens, environment);
  const revoked = applied.values.get('revokedhostkeys') ?? 'none';
  const interval = readDuration(applied, 'serveraliveinterval');
  return {
    ...tokens,
    ...readKnownHostsFiles(applied, environment, expand),
    revokedHostKeys: isNone(revoked) ? null : expand(revoked),
    identityFiles: readIdentityFiles(applied, expand),
    identitiesOnly: isYes(applied.values.get('identitiesonly')),
    agent: readAgent(applied, environment, expand),
    logonMethods: readLogonMethods(applied),
    jumps,
    connectTimeout: readDuration(applied, 'connecttimeout') || defaultConnectTimeout,
    keepAliveInterval: interval || defaultKeepAliveInterval,
    keepAliveCount: readNumber(applied, 'serveralivecountmax', 1000) ?? defaultKeepAliveCount,
    ignoredConditions: applied.ignored,
  };
}

/** Relative names are taken as below the directory that Usher runs in, as ssh does. */
function readIdentityFiles(applied: AppliedConfig, expand: (file: string) => string): readonly string[] | null {
  if (applied.identityFiles.length === 0) return null;
  return applied.identityFiles.filter((file) => file.toLowerCase() !== 'none').map(expand);
}

/**
 * `PreferredAuthentications` without what Usher does not speak. `PasswordAuthentication no` keeps the password from the
 * host by either method: in keyboard-interactive, too, it is the only answer that Usher gives.
 */
function readLogonMethods(applied: AppliedConfig): readonly LogonMethod[] {
  const preferred = applied.values.get('preferredauthentications')?.split(',') ?? everyMethod;
  const known = preferred.flatMap((name) => everyMethod.find((method) => method === name) ?? []);
  const offersPassword = readFlag(applied, 'passwordauthentication') ?? true;
  return offersPassword ? known : known.filter((method) => method === 'publickey');
}

function readJumps(applied: AppliedConfig): readonly JumpTarget[] {
  const command = applied.values.get('proxycommand') ?? 'none';
  if (isNone(command)) return parseProxyJump(applied.values.get('proxyjump') ?? 'none');
  throw new UsherError({
    code: 'unsupported',
    message: 'the SSH configuration reaches this host by ProxyCommand, and Usher runs no programs from there',
    hint: 'write ProxyJump instead, or ProxyCommand none before it where the host is reached directly',
  });
}

/** `IdentityAgent` knows `none`, the word `SSH_AUTH_SOCK`, `$NAME` and a file name. */
function readAgent(
  applied: AppliedConfig,
  environment: SshEnvironment,
  expand: (file: string) => string,
): string | null {
  const fallback = environment.platform === 'win32' ? String.raw`\\.\pipe\openssh-ssh-agent` : null;
  const given = applied.values.get('identityagent');
  if (given?.toLowerCase() === 'none') return null;
  if (given === undefined || given === 'SSH_AUTH_SOCK') return environment.variables['SSH_AUTH_SOCK'] || fallback;
  if (/^\$\w+$/.test(given)) return environment.variables[given.slice(1)] || null;
  return expand(given);
}

function readKnownHostsFiles(
  applied: AppliedConfig,
  environment: SshEnvironment,
  expand: (file: string) => string,
): Pick<SshSettings, 'userKnownHostsFiles' | 'systemKnownHostsFiles'> {
  const read = (keyword: string, directory: string, defaults: readonly string[]): readonly string[] => {
    const given = applied.values.get(keyword);
    if (given === undefined) return defaults.map((name) => below(directory, name));
    const names = given.split(/\s+/).filter((name) => name !== '' && name.toLowerCase() !== 'none');
    return names.map(expand);
  };
  return {
    userKnownHostsFiles: read('userknownhostsfile', userDirectory(environment), ['known_hosts', 'known_hosts2']),
    systemKnownHostsFiles: read('globalknownhostsfile', environment.systemDirectory, [
      'ssh_known_hosts',
      'ssh_known_hosts2',
    ]),
  };
}

function readNumber(applied: AppliedConfig, keyword: string, most: number): number | null {
  const text = applied.values.get(keyword);
  if (text === undefined) return null;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw badValue(keyword, text);
  return value;
}

/** What setTimeout takes at most, milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** Seconds, or numbers with s, m, h, d or w as sshd_config(5), TIME FORMATS, joins them. Null for `none`. */
function readDuration(applied: AppliedConfig, keyword: string): number | null {
  const text = applied.values.get(keyword)?.toLowerCase();
  if (text === undefined || text === 'none') return null;
  if (!/^(?=.{1,20}$)(?:\d+[smhdw])*\d*$/.test(text)) throw badValue(keyword, text);
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
  let total = 0;
  for (const [, count = '0', unit = 's'] of text.matchAll(/(\d+)([smhdw])?/g)) {
    total += Number(count) * (seconds[unit as keyof typeof seconds] ?? 1);
  }
  return Math.min(total * 1000, longestTimer);
}

function readFlag(applied: AppliedConfig, keyword: string): boolean | null {
  const text = applied.values.get(keyword);
  if (text === undefined) return null;
  if (!/^(?:yes|true|no|false)$/i.test(text)) throw badValue(keyword, text);
  return isYes(text);
}

function isYes(text: string | undefined): boolean {
  return /^(?:yes|true)$/i.test(text ?? '');
}

function badValue(keyword: string, text: string): UsherError {
  const message = `'${text.slice(0, 40)}' is no value for ${keyword} of the SSH configuration`;
  return new UsherError({ code: 'bad_file', message });
}
