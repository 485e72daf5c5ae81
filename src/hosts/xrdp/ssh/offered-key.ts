import { BaseAgent, type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';

/** A key to log on with, wherever its private half is. */
export interface OfferedKey {
  /** What people know it by: a file, or the comment that the agent has for it. */
  readonly label: string;
  readonly publicKey: ParsedKey;
  /** `hash` is `sha256` or `sha512` for RSA (RFC 8332), absent for keys that imply theirs. May ask a person. */
  sign(data: Buffer, hash: SigningRequestOptions['hash']): Promise<Buffer>;
}

/** What became of one key. */
export interface KeyOffer {
  readonly key: OfferedKey;
  /** The host took the public half, and asked for a signature. */
  accepted: boolean;
  /** Why there was no signature. */
  failure: Error | null;
}

/**
 * One key as an agent to ssh2, whose other way to offer a key wants it decrypted beforehand. One at a time, because
 * ssh2 tells nothing of what happens between the keys of one agent.
 */
export class OneKeyAgent extends BaseAgent<ParsedKey> {
  readonly #offer: KeyOffer;
  readonly #isOpen: () => boolean;

  /** `isOpen`: whether the connection can still use a signature. */
  constructor(offer: KeyOffer, isOpen: () => boolean) {
    super();
    this.#offer = offer;
    this.#isOpen = isOpen;
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.#offer.key.publicKey]);
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const answer = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'function' ? undefined : options.hash;
    this.#offer.accepted = true;
    this.#offer.key.sign(data, hash).then(
      (signature) => {
        if (this.#isOpen()) answer?.(undefined, signature);
      },
      (error: unknown) => {
        this.#offer.failure = error instanceof Error ? error : new Error(String(error));
        if (this.#isOpen()) answer?.(this.#offer.failure);
      },
    );
  }
}
