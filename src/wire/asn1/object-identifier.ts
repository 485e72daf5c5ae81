import type { Reader } from '../bytes/reader.ts';
import type { Asn1Type } from './element.ts';

/** The longest that is read, in bytes. */
const longest = 64;

/** OBJECT IDENTIFIER (X.690, 8.19), dotted: `1.3.6.1.5.5.2`. */
export const objectIdentifier: Asn1Type<string> = {
  tag: 0x06,
  read(from, end) {
    const size = end - from.at;
    if (size === 0 || size > longest) throw from.wrong(`is an object identifier of ${size} bytes`);
    const first = readNumber(from, end);
    const root = Math.min(2, Math.floor(first / 40));
    const numbers = [root, first - root * 40];
    while (from.at < end) numbers.push(readNumber(from, end));
    return numbers.join('.');
  },
  write(to, value) {
    const [root = 0, second = 0, ...others] = value.split('.').map(Number);
    for (const number of [root * 40 + second, ...others]) to.put(base128(number));
  },
};

function readNumber(from: Reader, end: number): number {
  let number = 0;
  for (let size = 1; ; size++) {
    if (from.at >= end) throw from.wrong('is an object identifier that is cut off');
    const byte = from.u8();
    if (size === 1 && byte === 0x80) throw from.wrong('has a number that begins with zero bits');
    number = number * 0x80 + (byte & 0x7f);
    if (number > 0xffffffff) throw from.wrong('has a number above 32 bits');
    if (byte < 0x80) return number;
  }
}

function base128(number: number): Uint8Array {
  const bytes = [number % 0x80];
  for (let left = Math.floor(number / 0x80); left > 0; left = Math.floor(left / 0x80)) {
    bytes.unshift(0x80 | (left % 0x80));
  }
  return Uint8Array.from(bytes);
}
