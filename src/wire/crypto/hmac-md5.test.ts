import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../testing/runs.ts';
import { hmacMd5 } from './hash.ts';
import { HmacMd5 } from './hmac-md5.ts';
import { toHex } from './testing/vectors.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ['the first', new Uint8Array(16).fill(0x0b), bytes('Hi There'), '9294727a3638bb1c13f48ef8158bfc9d'],
  ['the second', bytes('Jefe'), bytes('what do ya want for nothing?'), '750c783e6ab0b503eaa86e310a5db738'],
  ['the third', new Uint8Array(16).fill(0xaa), new Uint8Array(50).fill(0xdd), '56be34521d144c88dbb8c733f0e8b3f6'],
])('HMAC-MD5 gives %s case of RFC 2104, appendix', (_, key, message, digest) => {
  expect(toHex(new HmacMd5(key).of(message))).toBe(digest);
});

test("it is the same as Node's, of messages and keys of any length", () => {
  const part = fc.uint8Array({ maxLength: 700 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(part, { maxLength: 4 }), part, (key, first, second) => {
      const hmac = new HmacMd5(key);
      expect(toHex(hmac.of(...first))).toBe(toHex(hmacMd5(key, ...first)));
      expect(toHex(hmac.of(second))).toBe(toHex(hmacMd5(key, second)));
    }),
    { numRuns: runs(300) },
  );
});
