import { hmacSha1 } from '../../../wire/crypto/hash.ts';
import { decodeBase64, fingerprint, keyTypeOf } from './key-blob.ts';
import { matchesPatternList } from './pattern.ts';

/** One line of a known_hosts file, sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownHost {
  readonly marker: 'revoked' | null;
  /** Patterns joined by commas, or one hashed name. */
  readonly names: string;
  readonly type: string;
  readonly key: Buffer;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The names under which a host's key is looked up. */
export interface KnownHostName {
  /** `HostKeyAlias`, or the name to connect to: as it is on port 22, `[name]:port` on another. */
  readonly name: string;
  /** The name without the port, that OpenSSH tries when the other finds nothing. Null where that is the same. */
  readonly withoutPort: string | null;
}

export interface ExpectedKey {
  readonly type: string;
  readonly fingerprint: string;
  readonly file: string;
  readonly line: number;
}

export type HostKeyVerdict =
  | { readonly kind: 'known' }
  /** No key of this type is known; of other types perhaps. */
  | { readonly kind: 'unknown'; readonly otherTypes: readonly ExpectedKey[] }
  | { readonly kind: 'changed'; readonly expected: readonly ExpectedKey[] }
  | { readonly kind: 'revoked'; readonly file: string; readonly line: number };

/** Lines of one file that are read; the rest is left out. */
const mostLines = 200_000;
/** Characters. An RSA key of 16384 bits takes 2,800. */
const longestLine = 16_384;
const sshPort = 22;

/**
 * Reads known_hosts. Lines that are none are skipped, as ssh does, and so are `@cert-authority` lines: Usher checks no
 * certificates.
 */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  const lines = text.split('\n', mostLines);
  return lines.flatMap((line, index) => parseLine(line, file, index + 1) ?? []);
}

function parseLine(text: string, file: string, line: number): KnownHost | null {
  if (text.length > longestLine) return null;
  const words = text.trim().split(/[ \t]+/);
  const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
  const [names, type, encoded] = words;
  if (names === undefined || type === undefined || encoded === undefined || names.startsWith('#')) return null;
  if (marker !== undefined && marker !== '@revoked') return null;
  const key = decodeBase64(encoded);
  if (key === null || keyTypeOf(key) !== type) return null;
  return { marker: marker === undefined ? null : 'revoked', names, type, key, file, line };
}

/** Under which names to look. `HostKeyAlias` stands for the host whatever the port, ssh_config(5). */
export function knownHostName(hostName: string, port: number, alias: string | null): KnownHostName {
  if (alias !== null) return { name: alias.toLowerCase(), withoutPort: null };
  const name = hostName.toLowerCase();
  return port === sshPort ? { name, withoutPort: null } : { name: `[${name}]:${port}`, withoutPort: name };
}

/** Judges the key that a host showed by what is known of it. Revocation outweighs everything. */
export function judgeHostKey(known: readonly KnownHost[], host: KnownHostName, key: Buffer): HostKeyVerdict {
  const named = known.filter((entry) => matchesName(entry, host.name));
  const unported = host.withoutPort;
  const alsoNamed = unported === null ? [] : known.filter((entry) => matchesName(entry, unported));
  const revoked = [...named, ...alsoNamed].find((entry) => entry.marker === 'revoked' && entry.key.equals(key));
  if (revoked !== undefined) return { kind: 'revoked', file: revoked.file, line: revoked.line };
  const trusted = named.filter((entry) => entry.marker === null);
  if (trusted.some((entry) => entry.key.equals(key))) return { kind: 'known' };
  const sameType = trusted.filter((entry) => entry.type === keyTypeOf(key));
  if (sameType.length > 0) return { kind: 'changed', expected: sameType.map(expectedKey) };
  // OpenSSH takes a key that is known for the plain name (sshconnect.c, "checking without port identifier").
  if (alsoNamed.some((entry) => entry.marker === null && entry.key.equals(key))) return { kind: 'known' };
  return { kind: 'unknown', otherTypes: trusted.map(expectedKey) };
}

/** The key types that are known of a host, so that it can be asked for one of those. */
export function knownKeyTypes(known: readonly KnownHost[], host: KnownHostName): ReadonlySet<string> {
  const typesOf = (name: string): string[] =>
    known.filter((entry) => entry.marker === null && matchesName(entry, name)).map((entry) => entry.type);
  const types = typesOf(host.name);
  return new Set(types.length === 0 && host.withoutPort !== null ? typesOf(host.withoutPort) : types);
}

/** The line that makes a key known, without a newline. */
export function formatKnownHost(host: KnownHostName, key: Buffer): string {
  return `${host.name} ${keyTypeOf(key) ?? ''} ${key.toString('base64')}`;
}

/** Whether a name can stand in known_hosts as itself: no blanks, no commas, nothing that a pattern is made of. */
export function isPlainName(name: string): boolean {
  return /^[^\s,*?!|#@]+$/.test(name);
}

function matchesName(entry: KnownHost, name: string): boolean {
  if (entry.names.startsWith('|')) return matchesHashedName(entry.names, name);
  return matchesPatternList(entry.names.toLowerCase().split(','), name);
}

/** `|1|salt|hash`, the hash being HMAC-SHA-1 of the name with the salt as its key (ssh-keygen(1), -H). */
function matchesHashedName(names: string, name: string): boolean {
  const [, version, saltText = '', hashText = ''] = names.split('|');
  const salt = decodeBase64(saltText);
  const hash = decodeBase64(hashText);
  if (version !== '1' || salt === null || hash === null) return false;
  return hash.equals(hmacSha1(salt, Buffer.from(name)));
}

function expectedKey(entry: KnownHost): ExpectedKey {
  const { type, file, line, key } = entry;
  return { type, file, line, fingerprint: fingerprint(key) };
}
