import type { Codec } from '../bytes/codec.ts';
import type { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';

/**
 * A type of ASN.1 in the Distinguished Encoding Rules (X.690): its one-byte tag and how its contents travel. How deep elements
 * nest is given by the declarations, never by what comes.
 */
export interface Asn1Type<T> {
  readonly tag: number;
  /** Reads the contents, which end at this offset. */
  read(from: Reader, end: number): T;
  write(to: Writer, value: T): void;
}

/** The longest contents that are read. */
export const contentsLimit = 0x20000;

/** A whole message that is one element. */
export function element<T>(type: Asn1Type<T>): Codec<T> {
  return {
    read: (from) => readElement(type, from, from.bytes.length),
    write: (to, value) => writeElement(type, to, value),
  };
}

/** The tag of the next element; null at the end. */
export function nextTag(from: Reader, end: number): number | null {
  return from.at < end ? (from.bytes[from.at] ?? null) : null;
}

export function readElement<T>(type: Asn1Type<T>, from: Reader, end: number): T {
  const tag = nextTag(from, end);
  if (tag !== type.tag)
    throw from.wrong(`${tag === null ? 'is missing' : `has the tag ${tag}`}, where ${type.tag} must be`);
  const stop = enter(from, end);
  const value = type.read(from, stop);
  if (from.at !== stop) throw from.wrong(`is followed by ${stop - from.at} bytes more in its element`);
  return value;
}

/** Skips an element of any type. */
export function skipElement(from: Reader, end: number): void {
  from.seek(enter(from, end));
}

/** Reads tag and length, and gives the offset at which the contents end. */
function enter(from: Reader, end: number): number {
  from.skip(1);
  const length = readLength(from);
  if (length > contentsLimit) throw from.wrong(`has ${length} bytes, above the limit of ${contentsLimit}`);
  if (length > end - from.at) throw from.wrong(`needs ${length} bytes, where ${Math.max(0, end - from.at)} are left`);
  return from.at + length;
}

/** A definite length in as few bytes as it needs (X.690, 8.1.3 and 10.1). */
function readLength(from: Reader): number {
  const first = from.u8();
  if (first < 0x80) return first;
  const count = first & 0x7f;
  if (count === 0) throw from.wrong('has an indefinite length');
  if (count > 4) throw from.wrong(`has a length of ${count} bytes`);
  const length = from.take(count).reduce((sum, byte) => sum * 0x100 + byte, 0);
  if (length < 0x80 || length < 0x100 ** (count - 1)) throw from.wrong(`has the length ${length} in ${count} bytes`);
  return length;
}

export function writeElement<T>(type: Asn1Type<T>, to: Writer, value: T): void {
  const contents = new Writer();
  type.write(contents, value);
  const bytes = contents.finish();
  to.u8(type.tag);
  writeLength(to, bytes.length);
  to.put(bytes);
}

function writeLength(to: Writer, length: number): void {
  if (length < 0x80) {
    to.u8(length);
    return;
  }
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 0x100)) bytes.unshift(left & 0xff);
  to.u8(0x80 | bytes.length);
  to.put(Uint8Array.from(bytes));
}
