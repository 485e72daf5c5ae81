/** What is signed with a sealed message without being encrypted: DCE/RPC's header before it and its security trailer after. */
export interface Surroundings {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A sealed message: as long as the plaintext, and its signature apart, where DCE/RPC has its authentication value. */
export interface SealedMessage {
  readonly sealed: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * What a finished logon is good for. Each call uses up a sequence number of its direction: messages are signed and sealed in the
 * order in which they are sent, and verified and unsealed in the order in which they come.
 */
export interface SecurityContext {
  /** The exported session key, 16 bytes for NTLM: SMB derives its own keys from it. */
  readonly sessionKey: Uint8Array;
  /** How many bytes a signature has: it must be known before the header is signed that tells of it. */
  readonly signatureLength: { readonly sign: number; readonly seal: number };
  /** The signature of the parts one after the other. */
  sign(...parts: readonly Uint8Array[]): Uint8Array;
  /** Throws `UsherError` `bad_answer` where the signature does not belong to the parts or is out of sequence. */
  verify(signature: Uint8Array, ...parts: readonly Uint8Array[]): void;
  seal(plaintext: Uint8Array, around?: Surroundings): SealedMessage;
  /** The plaintext. Throws as {@link verify} does. */
  unseal(message: SealedMessage, around?: Surroundings): Uint8Array;
}
