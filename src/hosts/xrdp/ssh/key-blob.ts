import { sha256 } from '../../../wire/crypto/hash.ts';

/**
 * The type that a public key's blob starts with (RFC 4253, section 6.6), null where it does not. The blob is not
 * checked further.
 */
export function keyTypeOf(blob: Uint8Array): string | null {
  const type = readString(blob, 0);
  return type === null || type.length === 0 || type.length > longestType ? null : Buffer.from(type).toString('latin1');
}

const longestType = 64;

/** `SHA256:…` in base64 without padding, as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${Buffer.from(sha256(blob)).toString('base64').replace(/=+$/, '')}`;
}

/** The type's name as `ssh-keygen -l` prints it: `ED25519`, `RSA`, `ECDSA`. */
export function keyTypeName(type: string): string {
  return type
    .replace(/^ssh-/, '')
    .replace(/^ecdsa-.*$/, 'ecdsa')
    .toUpperCase();
}

/** Base64 (RFC 4648), strictly: Buffer.from skips what is none. */
export function decodeBase64(text: string): Buffer | null {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}

const containerMagic = 'openssh-key-v1\0';

/**
 * The public key in the clear part of a private key file, which an `openssh-key-v1` container has even where the
 * private part is encrypted (OpenSSH's PROTOCOL.key, section 1). Null for any other file.
 */
export function publicPartOf(privateKeyFile: string): Buffer | null {
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*)-----END OPENSSH PRIVATE KEY-----\s*$/.exec(
    privateKeyFile,
  );
  const container = decodeBase64((body?.[1] ?? '').replace(/\s/g, ''));
  if (container === null || container.toString('latin1', 0, containerMagic.length) !== containerMagic) return null;
  let at = containerMagic.length;
  for (let skipped = 0; skipped < 3; skipped++) {
    const field = readString(container, at);
    if (field === null) return null;
    at += 4 + field.length;
  }
  if (at + 4 > container.length || container.readUInt32BE(at) !== 1) return null;
  const blob = readString(container, at + 4);
  return blob === null ? null : Buffer.from(blob);
}

/** A `string` of RFC 4251, section 5. Null where the data ends before it does. */
function readString(data: Uint8Array, at: number): Uint8Array | null {
  if (at + 4 > data.length) return null;
  const length = new DataView(data.buffer, data.byteOffset).getUint32(at);
  return at + 4 + length > data.length ? null : data.subarray(at + 4, at + 4 + length);
}
