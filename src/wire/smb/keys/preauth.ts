import { sha512 } from '../../crypto/hash.ts';

/** PreauthIntegrityHashValue before any message (MS-SMB2 3.2.5.2). */
export const noPreauthHash: Uint8Array = new Uint8Array(64);

/** The hash after one more message: of the one before and the message's bytes from its SMB2 header on. */
export function extendPreauthHash(before: Uint8Array, message: Uint8Array): Uint8Array {
  return sha512(before, message);
}
