import { copied } from './room.ts';

const firstSize = 256;
const longestSpare = 2 ** 20;

/** What a message is written into. */
interface Sheet {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

const sheetOf = (size: number): Sheet => {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
};

const noSheet = sheetOf(0);

/** The largest sheet that a finished message has left: the next one is written on it, whatever stands there. */
let spare: Sheet | null = null;

/** Writes a message, little-endian unless said otherwise. Nothing is written once it is finished. */
export class Writer {
  #bytes: Sheet['bytes'];
  #view: Sheet['view'];
  #at = 0;

  constructor() {
    const { bytes, view } = spare ?? sheetOf(firstSize);
    spare = null;
    this.#bytes = bytes;
    this.#view = view;
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  /** What was written. */
  finish(): Uint8Array {
    const written = copied(this.#bytes.subarray(0, this.#at));
    if (this.#bytes.length <= longestSpare && this.#bytes.length > (spare?.bytes.length ?? 0)) {
      spare = { bytes: this.#bytes, view: this.#view };
    }
    ({ bytes: this.#bytes, view: this.#view } = noSheet);
    this.#at = 0;
    return written;
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

  /** Text as UTF-16LE, without a terminator. */
  utf16(text: string): void {
    const at = this.#room(2 * text.length);
    for (let index = 0; index < text.length; index++) {
      this.#view.setUint16(at + 2 * index, text.charCodeAt(index), true);
    }
  }

  zeros(count: number): void {
    const at = this.#room(count);
    this.#bytes.fill(0, at, this.#at);
  }

  /** Zeros to the next multiple of `size`, counted from the beginning of the message. */
  align(size: number): void {
    const over = this.#at % size;
    if (over > 0) this.zeros(size - over);
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
      const grown = sheetOf(Math.max(this.#at, this.#bytes.length * 2));
      grown.bytes.set(this.#bytes.subarray(0, at));
      this.#bytes = grown.bytes;
      this.#view = grown.view;
    }
    return at;
  }
}
