import { kept } from '../bytes/room.ts';
import { hmacMd5, md5 } from './hash.ts';

const [blockLength, wordLength, digestLength] = [64, 4, 16];

/** T of RFC 1321, section 3.4. */
const sines = Int32Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32));
/** How far each round rotates, step by step. */
const shifts = Uint8Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
/** Which word of a block each step takes. */
const order = Uint8Array.from({ length: 64 }, (_, step) => {
  const [times, plus] = [[1, 0] as const, [5, 1] as const, [3, 5] as const, [7, 0] as const][step >> 4] ?? [0, 0];
  return (times * step + plus) % 16;
});
const begin = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);

/** Up to so many bytes a message is hashed sooner than Node's own HMAC is made. */
const longest = 1024;
const sheet = new Uint8Array(longest + 2 * blockLength);
const words = new DataView(sheet.buffer);

/** HMAC-MD5 (RFC 2104) with one key, for many short messages. Only for protocols that are built on it. */
export class HmacMd5 {
  readonly #key: Uint8Array;
  /** The states behind the key's own block: of the inner hash and of the outer one. */
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;

  constructor(key: Uint8Array) {
    this.#key = kept(key);
    const short = key.length > blockLength ? md5(key) : key;
    this.#inner = stateBehind(short, 0x36);
    this.#outer = stateBehind(short, 0x5c);
  }

  /** Of the parts one after the other, 16 bytes. */
  of(...parts: readonly Uint8Array[]): Uint8Array {
    let length = 0;
    for (const part of parts) length += part.length;
    if (length > longest) return hmacMd5(this.#key, ...parts);
    let at = 0;
    for (const part of parts) {
      sheet.set(part, at);
      at += part.length;
    }
    const inner = digestOf(this.#inner, length);
    sheet.set(inner);
    return digestOf(this.#outer, digestLength);
  }
}

function stateBehind(key: Uint8Array, pad: number): Int32Array {
  sheet.fill(pad, 0, blockLength);
  for (const [at, octet] of key.entries()) sheet[at] = octet ^ pad;
  const state = begin.slice();
  mix(state, 0);
  return state;
}

/** Of what stands on the sheet, behind one block: a one bit, zeros and the length in bits end it (RFC 1321, 3.1 and 3.2). */
function digestOf(before: Int32Array, length: number): Uint8Array {
  const state = before.slice();
  const end = Math.ceil((length + 9) / blockLength) * blockLength;
  sheet.fill(0, length, end);
  sheet[length] = 0x80;
  words.setUint32(end - 8, 8 * (blockLength + length), true);
  for (let at = 0; at < end; at += blockLength) mix(state, at);
  const digest = new Uint8Array(digestLength);
  for (let at = 0; at < digestLength; at++) digest[at] = (state[at >> 2] as number) >>> (8 * (at & 3));
  return digest;
}

/** Mixes a block of the sheet into the state (3.4). */
function mix(state: Int32Array, at: number): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (let step = 0; step < 64; step++) {
    const word = words.getInt32(at + wordLength * (order[step] as number), true);
    const sum = (a + mixed(step >> 4, b, c, d) + word + (sines[step] as number)) | 0;
    const shift = shifts[((step >> 4) << 2) | (step & 3)] as number;
    [a, d, c] = [d, c, b];
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
}

/** F, G, H and I. */
function mixed(round: number, x: number, y: number, z: number): number {
  if (round === 0) return (x & y) | (~x & z);
  if (round === 1) return (x & z) | (y & ~z);
  return round === 2 ? x ^ y ^ z : y ^ (x | ~z);
}
