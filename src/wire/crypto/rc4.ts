import { kept, room } from '../bytes/room.ts';

/** RC4 (RFC 6229 has its vectors): one key stream, of which every call uses up as many bytes as it is given. */
export class Rc4 {
  readonly #key: Uint8Array;
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  /** The key has 5 to 256 bytes. */
  constructor(key: Uint8Array) {
    if (key.length < 5 || key.length > 256) throw new RangeError(`an RC4 key of ${key.length} bytes`);
    this.#key = kept(key);
    this.restart();
  }

  /** Back to the beginning of the key stream. */
  restart(): void {
    const state = this.#state;
    for (let at = 0; at < 256; at++) state[at] = at;
    let j = 0;
    for (let i = 0; i < 256; i++) {
      j = (j + octet(state, i) + octet(this.#key, i % this.#key.length)) & 0xff;
      swap(state, i, j);
    }
    this.#i = 0;
    this.#j = 0;
  }

  /** Encrypts, or decrypts: both are the same. */
  apply(data: Uint8Array): Uint8Array {
    const state = this.#state;
    const result = room(data.length);
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < data.length; at++) {
      i = (i + 1) & 0xff;
      const one = octet(state, i);
      j = (j + one) & 0xff;
      const other = octet(state, j);
      state[i] = other;
      state[j] = one;
      result[at] = octet(data, at) ^ octet(state, (one + other) & 0xff);
    }
    this.#i = i;
    this.#j = j;
    return result;
  }
}

/** One piece with a key of its own. */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  return new Rc4(key).apply(data);
}

function octet(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

function swap(state: Uint8Array, i: number, j: number): void {
  const kept = octet(state, i);
  state[i] = octet(state, j);
  state[j] = kept;
}
