import { expect, test } from 'vitest';
import { Rc4, rc4 } from './rc4.ts';
import { fromHex, toHex } from './testing/vectors.ts';

const key = fromHex('0102030405060708090a0b0c0d0e0f10');
const beginning = '9ac7cc9a609d1ef7b2932899cde41b97';

test('the key stream is the one of RFC 6229, section 2', () => {
  const stream = rc4(key, new Uint8Array(4112));
  expect(toHex(stream.subarray(0, 16))).toBe(beginning);
  expect(toHex(stream.subarray(4096))).toBe('a36a4c301ae8ac13610ccbc12256cacc');
  expect(toHex(rc4(fromHex('0102030405'), new Uint8Array(16)))).toBe('b2396305f03dc027ccc3524a0a1118a8');
});

test('pieces go on where the last one ended, until it is restarted', () => {
  const handle = new Rc4(key);
  const pieces = [handle.apply(new Uint8Array(5)), handle.apply(new Uint8Array(11))];
  expect(toHex(Buffer.concat(pieces))).toBe(beginning);
  handle.restart();
  expect(toHex(handle.apply(new Uint8Array(16)))).toBe(beginning);
});

test('a key that RC4 has no use for is a defect', () => {
  expect(() => new Rc4(new Uint8Array(4))).toThrow(RangeError);
});
