import { readFile } from 'node:fs/promises';
import { UsherError } from '../../../sessions/errors.ts';
import { decodeBase64, keyTypeOf } from './key-blob.ts';
import type { KnownHost } from './known-hosts.ts';

/** Bytes. */
const largestFile = 32 << 20;
/** What a key revocation list begins with, OpenSSH's PROTOCOL.krl. */
const krlMagic = 'SSHKRL\n\0';

/**
 * The keys that `RevokedHostKeys` of ssh_config(5) revokes, for whatever host. A file that is not read in full refuses
 * every host, as with ssh. Throws {@link UsherError} `bad_file`, or `unsupported` for a key revocation list.
 */
export async function readRevokedKeys(file: string | null): Promise<readonly KnownHost[]> {
  if (file === null) return [];
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    throw badList(file, 'cannot be read', error);
  }
  if (content.length > largestFile) throw badList(file, `is larger than ${largestFile} bytes`);
  return parseRevokedKeys(content, file);
}

/** Reads one public key a line, with empty lines and comments between. Throws as {@link readRevokedKeys} does. */
export function parseRevokedKeys(content: Buffer, file: string): readonly KnownHost[] {
  if (content.toString('latin1', 0, krlMagic.length) === krlMagic) {
    throw new UsherError({
      code: 'unsupported',
      message: `${file}, which RevokedHostKeys of the SSH configuration names, is a key revocation list (KRL)`,
      hint: 'Usher reads lists of one public key per line: name such a one, made of the .pub files of the revoked keys',
    });
  }
  return content
    .toString('utf8')
    .split('\n')
    .flatMap((line, index) => parseLine(line.trim(), file, index + 1));
}

function parseLine(text: string, file: string, line: number): readonly KnownHost[] {
  if (text === '' || text.startsWith('#')) return [];
  const [type = '', encoded = ''] = text.split(/[ \t]+/);
  const key = decodeBase64(encoded);
  if (key === null || keyTypeOf(key) !== type) throw badList(file, `holds no public key in line ${line}`);
  return [{ marker: 'revoked', names: '*', type, key, file, line }];
}

function badList(file: string, complaint: string, cause?: unknown): UsherError {
  return new UsherError({
    code: 'bad_file',
    message: `${file}, which RevokedHostKeys of the SSH configuration names, ${complaint}`,
    hint: 'without it no host key can be trusted: mend the file, or the configuration',
    cause,
  });
}
