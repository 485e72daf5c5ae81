import { createCipheriv } from 'node:crypto';

/** AES-128-GMAC (NIST SP 800-38D: GCM without a plaintext) of the parts one after the other, 16 bytes; the nonce has 12. */
export function aesGmac(key: Uint8Array, nonce: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  for (const part of parts) cipher.setAAD(part);
  cipher.final();
  return cipher.getAuthTag();
}
