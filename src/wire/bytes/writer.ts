const firstSize = 256;

/** Writes a message, little-endian unless said otherwise. */
export class Writer {
  #bytes = new Uint8Array(firstSize);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  /** Offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  /** What was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  u8(value: number): void {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  i32(value: number): void {
    const at = this.#room(4);
    this.#view.setInt32(at, value, true);
  }

  u64(value: bigint): void {
    const at = this.#room(8);
    this.#view.setBigUint64(at, value, true);
  }

  i64(value: bigint): void {
    const at = this.#room(8);
    this.#view.setBigInt64(at, value, true);
  }

  put(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  zeros(count: number): void {
    this.#room(count);
  }

  /** Zeros to the next multiple of `size`, counted from the beginning of the message. */
  align(size: number): void {
    this.zeros((size - (this.#at % size)) % size);
  }

  /** Overwrites what was written at an offset: a length or an offset that was not known before. */
  patch16(at: number, value: number): void {
    this.#view.setUint16(at, value, true);
  }

  patch32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  patch(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at);
  }

  #room(count: number): number {
    const at = this.#at;
    this.#at += count;
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#at, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}
