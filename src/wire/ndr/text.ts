import { fromUtf16 } from '../bytes/utf16.ts';
import type { StubReader, StubWriter } from './stub.ts';
import { type Conformant, conformantType, type Fixed, fixed, type Immediate, immediate } from './type.ts';

/** WCHAR[count]: text up to its first NUL, and zeros to the end. */
export function wideChars(count: number): Fixed<string> {
  return fixed({
    alignment: 2,
    size: 2 * count,
    take(from) {
      from.align(2);
      return textUntilNul(from.take(2 * count));
    },
    write(to, value) {
      if (value.length > count) throw new RangeError(`${value.length} characters for a field of ${count}`);
      to.align(2);
      to.utf16(value);
      to.zeros(2 * (count - value.length));
    },
  });
}

/** How many characters are taken, terminators included. */
export interface TextLimit {
  readonly most: number;
}

/** A conformant array of WCHAR: the text as it is, with whatever NULs are in it. */
export function wideArray({ most }: TextLimit): Conformant<string> {
  return conformantType({
    alignment: 2,
    most,
    maximum: (value) => value.length,
    readSized: (from, maximum, put) => put(takeText(from, maximum)),
    writeSized: (to, value) => to.utf16(value),
  });
}

/** A `[string]` of WCHAR (C706 14.3.4). With `max_is`, so many characters and one more are announced, however few follow. */
export function wideString({ most, maxIs }: TextLimit & { readonly maxIs?: number }): Immediate<string> {
  return immediate({
    alignment: 4,
    take: (from) => readVarying(from, most).text,
    write: (to, value) => writeVarying(to, value, (maxIs ?? value.length) + 1, most),
  });
}

/** A text in a buffer of the caller's. */
export interface BufferedText {
  /** Of the buffer, in characters. */
  readonly maximum: number;
  readonly text: string;
}

/** A `[string]` of WCHAR whose `size_is` is not its own length. */
export function bufferedString({ most }: TextLimit): Immediate<BufferedText> {
  return immediate({
    alignment: 4,
    take: (from) => readVarying(from, most),
    write(to, { maximum, text }) {
      if (text.length >= maximum) throw new RangeError(`${text.length} characters for a buffer of ${maximum}`);
      writeVarying(to, text, maximum, most);
    },
  });
}

/** A conformant and varying array of WCHAR, without a terminator of its own. */
export function bufferedWide({ most }: TextLimit): Conformant<BufferedText> {
  return conformantType({
    alignment: 4,
    most,
    maximum: ({ maximum }) => maximum,
    readSized(from, maximum, put) {
      put({ maximum, text: takeText(from, varyingCount(from, maximum)) });
    },
    writeSized(to, { maximum, text }) {
      to.align(4);
      to.u32(0);
      to.count(text.length, maximum);
      to.utf16(text);
    },
  });
}

/** The text before the first NUL. */
export function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** The same of bytes, of which the rest is not looked at. */
function textUntilNul(bytes: Uint8Array): string {
  let end = 0;
  while (end + 1 < bytes.length && (bytes[end] !== 0 || bytes[end + 1] !== 0)) end += 2;
  return fromUtf16(bytes, 0, end);
}

function takeText(from: StubReader, count: number): string {
  return fromUtf16(from.take(2 * count));
}

function readVarying(from: StubReader, most: number): BufferedText {
  const maximum = from.count(most);
  const count = varyingCount(from, maximum);
  if (count === 0) throw from.wrong('has no terminator');
  return { maximum, text: textUntilNul(from.take(2 * count)) };
}

/** The offset, which must be zero, and the count of the elements that follow (C706 14.3.3.3). */
export function varyingCount(from: StubReader, maximum: number): number {
  from.align(4);
  const offset = from.u32();
  if (offset !== 0) throw from.wrong(`begins at element ${offset}, where 0 must be`);
  return from.count(maximum);
}

function writeVarying(to: StubWriter, value: string, maximum: number, most: number): void {
  to.count(maximum, most);
  to.u32(0);
  to.count(value.length + 1, maximum);
  to.utf16(value);
  to.u16(0);
}
