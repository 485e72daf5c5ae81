import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  constant,
  decode,
  encode,
  i32,
  i64,
  octets,
  reserved,
  rest,
  struct,
  u16,
  u32,
  u64,
  u8,
  type ValueOf,
} from './codec.ts';
import { Reader } from './reader.ts';
import { fromUtf16, utf16 } from './utf16.ts';
import { Writer } from './writer.ts';

const header = struct({
  magic: constant(u32, 0x424d53fe),
  kind: u16,
  flags: u8,
  spare: reserved(1),
  id: u64,
  body: rest,
});
const example: ValueOf<typeof header> = {
  magic: 0x424d53fe,
  kind: 5,
  flags: 1,
  spare: null,
  id: 7n,
  body: new Uint8Array([1, 2]),
};

test('a struct is its fields one after the other, little-endian', () => {
  expect(Buffer.from(encode(header, example)).toString('hex')).toBe('fe534d420500010007000000000000000102');
  expect(decode('HEADER', header, encode(header, example))).toEqual(example);
});

test.each([
  ['is too short', 'fe534d4205', 'HEADER: kind at byte 4 needs 2 bytes, where 1 are left'],
  ['has another signature', '00000000', 'HEADER: magic at byte 4 is 0, where 1112364030 must be'],
])('a message that %s is bad_answer, with field and offset', (_, hex, message) => {
  expect(() => decode('HEADER', header, Buffer.from(hex, 'hex'))).toThrow(
    expect.objectContaining({ code: 'bad_answer', message }),
  );
});

test('what follows a whole message is refused', () => {
  expect(() => decode('PAIR', struct({ one: u8 }), new Uint8Array(3))).toThrow('followed by 2 bytes more');
});

test('numbers of every size survive', () => {
  const all = struct({ a: u8, b: u16, c: u32, d: i32, e: u64, f: i64, g: octets(3) });
  fc.assert(
    fc.property(
      fc.record({
        a: fc.nat(0xff),
        b: fc.nat(0xffff),
        c: fc.nat(0xffffffff),
        d: fc.integer(),
        e: fc.bigInt(0n, 2n ** 64n - 1n),
        f: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
        g: fc.uint8Array({ minLength: 3, maxLength: 3 }),
      }),
      (value) => {
        expect(decode('ALL', all, encode(all, value))).toEqual(value);
      },
    ),
  );
});

test('a writer grows, aligns and patches', () => {
  const writer = new Writer();
  writer.u8(1);
  writer.align(8);
  writer.put(new Uint8Array(1000));
  writer.patch32(4, 0x01020304);
  const written = writer.finish();
  expect([written.length, [...written.subarray(0, 8)]]).toEqual([1008, [1, 0, 0, 0, 4, 3, 2, 1]]);
});

test('a number may be what makes a writer grow', () => {
  const all = [u8, u16, u32, i32].map((codec) => ({ codec, value: 1 }));
  for (const { codec, value } of all) {
    for (let before = 250; before <= 256; before++) {
      const writer = new Writer();
      writer.zeros(before);
      codec.write(writer, value);
      expect(writer.finish()[before]).toBe(1);
    }
  }
});

test('what is read from a Buffer does not change with it', () => {
  const received = Buffer.from([1, 2, 3]);
  const { front, back } = decode('PAIR', struct({ front: octets(1), back: rest }), received);
  received.fill(9);
  expect([front, back]).toEqual([new Uint8Array([1]), new Uint8Array([2, 3])]);
});

test('a reader stays within its message', () => {
  const reader = new Reader('M', new Uint8Array(4));
  reader.skip(1);
  reader.align(4);
  expect(reader.at).toBe(4);
  expect(() => reader.seek(5)).toThrow('points to byte 5 of 4');
});

test('text of any script survives as UTF-16LE', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(fromUtf16(utf16(text))).toBe(text);
    }),
  );
});

test('nothing of one message gets into another', () => {
  const first = new Writer();
  first.put(new Uint8Array(600).fill(0xff));
  const written = first.finish();
  const second = new Writer();
  const third = new Writer();
  second.zeros(5);
  third.u8(7);
  first.u8(9);
  second.align(8);
  expect([...second.finish()]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...third.finish()]).toEqual([7]);
  expect(written.every((byte) => byte === 0xff)).toBe(true);
});
