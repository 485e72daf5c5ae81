import { UsherError } from '../../sessions/errors.ts';
import { plain } from './room.ts';

/**
 * Reads a message from its beginning to its end, little-endian unless said otherwise. Whatever lies beyond the end, or breaks a
 * limit, is a {@link UsherError} `bad_answer` that names message, field and offset.
 */
export class Reader {
  readonly bytes: Uint8Array;
  #view: DataView | null = null;
  readonly #message: string;
  #path: (string | number)[] = [];
  #at = 0;

  constructor(message: string, bytes: Uint8Array) {
    this.bytes = plain(bytes);
    this.#message = message;
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.bytes.length - this.#at;
  }

  /** Goes to an offset within the message. */
  seek(at: number): void {
    if (at < 0 || at > this.bytes.length) throw this.wrong(`points to byte ${at} of ${this.bytes.length}`);
    this.#at = at;
  }

  skip(count: number): void {
    this.#take(count);
  }

  /** Skips to the next multiple of `size`, counted from the beginning of the message. */
  align(size: number): void {
    const over = this.#at % size;
    if (over > 0) this.#take(Math.min(size - over, this.left));
  }

  u8(): number {
    return this.#octet(this.#take(1));
  }

  u16(): number {
    const at = this.#take(2);
    return this.#octet(at) | (this.#octet(at + 1) << 8);
  }

  u32(): number {
    return this.i32() >>> 0;
  }

  i32(): number {
    const at = this.#take(4);
    const low = this.#octet(at) | (this.#octet(at + 1) << 8);
    return low | (this.#octet(at + 2) << 16) | (this.#octet(at + 3) << 24);
  }

  u64(): bigint {
    return this.#viewed().getBigUint64(this.#take(8), true);
  }

  i64(): bigint {
    return this.#viewed().getBigInt64(this.#take(8), true);
  }

  /** A view of the next bytes: it is not copied. */
  take(count: number): Uint8Array {
    const at = this.#take(count);
    return this.bytes.subarray(at, at + count);
  }

  /** Reads within a field, by whose name an error is told. */
  within<T>(field: string, read: () => T): T {
    this.enter(field);
    const value = read();
    this.leave();
    return value;
  }

  /** What is read until {@link Reader.leave} is this field, or this element. An error ends the reading, and is never left. */
  enter(field: string | number): void {
    this.#path.push(field);
  }

  leave(): void {
    this.#path.pop();
  }

  /** What reads at another time, but under the names of the fields that are being read now. */
  later(read: () => void): () => void {
    const path = [...this.#path];
    return () => {
      const outer = this.#path;
      this.#path = path;
      read();
      this.#path = outer;
    };
  }

  /** What is wrong with the field that is being read. */
  wrong(complaint: string): UsherError {
    const field = this.#path.length === 0 ? '' : ` ${this.#path.join('.')}`;
    return new UsherError({
      code: 'bad_answer',
      message: `${this.#message}:${field} at byte ${this.#at} ${complaint}`,
    });
  }

  /** Throws where anything is left. */
  end(): void {
    if (this.left > 0) throw this.wrong(`is followed by ${this.left} bytes more`);
  }

  #octet(at: number): number {
    return this.bytes[at] as number;
  }

  /** Many messages have no long numbers, and are read without it. */
  #viewed(): DataView {
    const { buffer, byteOffset, byteLength } = this.bytes;
    this.#view ??= new DataView(buffer, byteOffset, byteLength);
    return this.#view;
  }

  #take(count: number): number {
    if (count > this.left) throw this.wrong(`needs ${count} bytes, where ${this.left} are left`);
    const at = this.#at;
    this.#at += count;
    return at;
  }
}
