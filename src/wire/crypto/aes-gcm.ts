import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Sealed, tagLength } from './sealed.ts';

/** Encrypts with AES-GCM (NIST SP 800-38D): a key of 16 or 32 bytes, a nonce of 12 that is never used twice with it. */
export function aesGcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Sealed {
  const cipher = createCipheriv(algorithm(key), key, nonce, { authTagLength: tagLength });
  cipher.setAAD(aad);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** The plaintext; null where the tag does not belong to it. */
export function aesGcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  { ciphertext, tag }: Sealed,
  aad: Uint8Array,
): Uint8Array | null {
  if (tag.length !== tagLength) return null;
  const decipher = createDecipheriv(algorithm(key), key, nonce, { authTagLength: tagLength });
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  try {
    decipher.final();
    return plaintext;
  } catch {
    return null;
  }
}

function algorithm(key: Uint8Array): 'aes-128-gcm' | 'aes-256-gcm' {
  return key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm';
}
