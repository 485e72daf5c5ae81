import { cipherId, signingAlgorithmId } from '../messages/negotiate-context.ts';

export type Cipher = Exclude<keyof typeof cipherId, 'none'>;
export type SigningAlgorithm = keyof typeof signingAlgorithmId;

/** The best first, which is the order in which they are offered. AES-GCM is quicker than AES-CCM. */
export const ciphers: readonly Cipher[] = ['aes256Gcm', 'aes128Gcm', 'aes256Ccm', 'aes128Ccm'];
export const signingAlgorithms: readonly SigningAlgorithm[] = ['aesGmac', 'aesCmac', 'hmacSha256'];

export function cipherOf(id: number): Cipher | null {
  return ciphers.find((cipher) => cipherId[cipher] === id) ?? null;
}

export function signingAlgorithmOf(id: number): SigningAlgorithm | null {
  return signingAlgorithms.find((algorithm) => signingAlgorithmId[algorithm] === id) ?? null;
}

export const isGcm = (cipher: Cipher): boolean => cipher === 'aes128Gcm' || cipher === 'aes256Gcm';

/** Bits of a cipher's key. */
export const keyBits = (cipher: Cipher): 128 | 256 => (cipher === 'aes256Gcm' || cipher === 'aes256Ccm' ? 256 : 128);
