import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import type { Credential } from '../../credential.ts';
import { publicPartOf } from './key-blob.ts';
import type { OfferedKey } from './offered-key.ts';

/** What a file that was named as an identity holds. */
export type IdentityFile =
  | { readonly kind: 'absent' }
  /** The public half alone: good for choosing among the agent's keys. */
  | { readonly kind: 'public'; readonly publicKey: ParsedKey }
  | { readonly kind: 'private'; readonly publicKey: ParsedKey; readonly unlock: () => Promise<ParsedKey> }
  | { readonly kind: 'unusable'; readonly why: string };

/** Bytes. An encrypted RSA key of 16384 bits takes 13,000. */
const largestFile = 64 << 10;

/**
 * Reads an identity file. An encrypted one is not decrypted before the host has accepted its public half, which stands
 * in the clear in the file itself or beside it in `FILE.pub`; the passphrase is asked for at most once.
 */
export async function readIdentityFile(file: string, credential: Credential): Promise<IdentityFile> {
  let text: string;
  try {
    text = await readFile(file, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'absent' };
    return { kind: 'unusable', why: `${file} cannot be read` };
  }
  if (text.length > largestFile) return { kind: 'unusable', why: `${file} is too large for a key` };
  const key = firstKey(ssh2.utils.parseKey(text));
  if (!(key instanceof Error)) {
    return key.isPrivateKey()
      ? { kind: 'private', publicKey: key, unlock: () => Promise.resolve(key) }
      : { kind: 'public', publicKey: key };
  }
  if (!/encrypted/i.test(key.message)) return { kind: 'unusable', why: `${file}: ${key.message}` };
  const publicKey = await publicHalf(file, text);
  if (publicKey !== null) return { kind: 'private', publicKey, unlock: () => unlock(file, text, credential) };
  try {
    const unlocked = await unlock(file, text, credential);
    return { kind: 'private', publicKey: unlocked, unlock: () => Promise.resolve(unlocked) };
  } catch (error) {
    return { kind: 'unusable', why: error instanceof Error ? error.message : String(error) };
  }
}

/** The private key of an identity file as one to offer. */
export function offerFile(file: string, identity: Extract<IdentityFile, { kind: 'private' }>): OfferedKey {
  return {
    label: file,
    publicKey: identity.publicKey,
    sign: async (data, hash) => {
      const signature: unknown = (await identity.unlock()).sign(data, hash);
      if (!Buffer.isBuffer(signature)) throw new Error(`${file} cannot sign`, { cause: signature });
      return signature;
    },
  };
}

async function unlock(file: string, text: string, credential: Credential): Promise<ParsedKey> {
  const passphrase = await credential.passphrase(file);
  if (passphrase === null) {
    throw new Error(`${file} is encrypted: load it into the agent with ssh-add, or give its passphrase`);
  }
  const key = firstKey(ssh2.utils.parseKey(text, passphrase.reveal()));
  if (key instanceof Error) throw new Error(`the passphrase of ${file} is wrong, or the file is damaged`);
  return key;
}

async function publicHalf(file: string, text: string): Promise<ParsedKey | null> {
  const embedded = publicPartOf(text);
  const key = firstKey(ssh2.utils.parseKey(embedded ?? (await readFile(`${file}.pub`, 'latin1').catch(() => ''))));
  return key instanceof Error ? null : key;
}

function firstKey(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed;
}
