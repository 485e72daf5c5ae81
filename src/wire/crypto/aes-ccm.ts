import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Sealed, tagLength } from './sealed.ts';

/** Encrypts with AES-CCM (NIST SP 800-38C, RFC 3610): a key of 16 or 32 bytes, a nonce of 7 to 13, never used twice. */
export function aesCcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Sealed {
  const cipher = createCipheriv(algorithm(key), key, nonce, { authTagLength: tagLength });
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** The plaintext; null where the tag does not belong to it. */
export function aesCcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  { ciphertext, tag }: Sealed,
  aad: Uint8Array,
): Uint8Array | null {
  if (tag.length !== tagLength) return null;
  const decipher = createDecipheriv(algorithm(key), key, nonce, { authTagLength: tagLength });
  decipher.setAuthTag(tag);
  decipher.setAAD(aad, { plaintextLength: ciphertext.length });
  try {
    const plaintext = decipher.update(ciphertext);
    decipher.final();
    return plaintext;
  } catch {
    return null;
  }
}

function algorithm(key: Uint8Array): 'aes-128-ccm' | 'aes-256-ccm' {
  return key.length === 32 ? 'aes-256-ccm' : 'aes-128-ccm';
}
