import { expect, test } from 'vitest';
import { conformantArray, conformantBytes, fixedArray } from './arrays.ts';
import { guid } from './guid.ts';
import { unique } from './pointer.ts';
import { u16, u32, u8 } from './primitives.ts';
import { countOf, struct } from './struct.ts';
import { limits, StubReader } from './stub.ts';
import { decode, encode } from './testing/encode.ts';
import { bufferedString, wideChars, wideString } from './text.ts';
import type { Ndr } from './type.ts';
import { switchedUnion, union } from './union.ts';

const counted = struct({ count: countOf('p'), p: unique(conformantBytes({ most: 9 })) });
const nested = conformantArray(struct({ name: unique(wideString({ most: 4 })) }), { most: 9 });

const rows: readonly (readonly [what: string, type: Ndr<unknown>, stub: string, message: string])[] = [
  ['counts more than the limit', conformantArray(u16, { most: 2 }), '03000000', 'counts 3, where 2 are the limit'],
  ['counts more than there is', conformantArray(u16, { most: 99 }), '03000000', 'counts 3, where 0 bytes are left'],
  ['ends within an element', conformantArray(u16, { most: 9 }), '0100000001', '0 at byte 4 needs 2 bytes'],
  ['announces a text longer than the limit', wideString({ most: 4 }), '05000000', 'counts 5, where 4 are the limit'],
  [
    'has a text longer than was announced',
    wideString({ most: 9 }),
    '010000000000000002000000',
    'counts 2, where 1 are the limit',
  ],
  ['begins within an array', wideString({ most: 9 }), '0100000001000000', 'begins at element 1, where 0 must be'],
  ['has a text of nothing', wideString({ most: 9 }), '010000000000000000000000', 'has no terminator'],
  [
    'counts other than an array has',
    counted,
    '010000000100000002000000aabb',
    'p at byte 14 has 2 elements, where 1 are counted',
  ],
  ['has a tag without an arm', union(u32, { 1: u8 }), '02000000', 'has the tag 2, which has no arm'],
  ['has two tags', switchedUnion(u32, { 1: u8, 2: u8 }), '010000000200000000', 'has the tag 2 behind 1'],
  [
    'goes wrong in a referent',
    nested,
    '0200000000000000010000000500000000000000',
    '1.name at byte 16 counts 5, where 4 are the limit',
  ],
];

test.each(rows)('a stub that %s is bad_answer, with field and offset', (_, type, stub, message) => {
  expect(() => decode(type, Buffer.from(stub, 'hex'))).toThrow(
    expect.objectContaining({ code: 'bad_answer', message: expect.stringContaining(message) }),
  );
});

test('a stub beyond the limit is not read', () => {
  expect(() => new StubReader('STUB', new Uint8Array(limits.stub + 1))).toThrow('16777216 are the limit');
});

test('referents within referents have an end', () => {
  let deep: Ndr<unknown> = u8;
  for (let depth = 0; depth <= limits.depth; depth++) deep = unique(deep);
  const stub = Buffer.alloc(4 * (limits.depth + 2), 1);
  expect(() => decode(deep, stub)).toThrow('is more than 16 pointers deep');
});

const unsendable: readonly (readonly [what: string, type: Ndr<unknown>, value: unknown, message: string])[] = [
  ['an array beyond its limit', conformantArray(u8, { most: 1 }), [1, 2], '2 elements, where 1 are the limit'],
  ['a text beyond its limit', wideString({ most: 2 }), 'ab', '3 elements, where 2 are the limit'],
  ['a text beyond its field', wideChars(2), 'abc', '3 characters for a field of 2'],
  [
    'a text beyond its buffer',
    bufferedString({ most: 9 }),
    { maximum: 2, text: 'ab' },
    '2 characters for a buffer of 2',
  ],
  ['too few elements', fixedArray(u8, 2), [1], '1 elements for a field of 2'],
  ['a GUID of another form', guid, '{00112233}', '{00112233} is no GUID'],
];

test.each(unsendable)('%s is not sent', (_, type, value, message) => {
  expect(() => encode(type, value)).toThrow(message);
});

test('a conformant array is nowhere but at the end of a structure', () => {
  expect(() => struct({ array: conformantArray(u8, { most: 1 }), more: u8 })).toThrow('is the last field');
});

test('a declaration counts nothing that it does not have', () => {
  expect(() => struct({ count: countOf('elements') })).toThrow('nothing is called elements');
});
