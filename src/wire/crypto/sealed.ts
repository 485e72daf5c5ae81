/** What authenticated encryption gives: the ciphertext, as long as the plaintext, and the tag of 16 bytes. */
export interface Sealed {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

export const tagLength = 16;
