import { expect, test } from 'vitest';
import { bufferedArray, conformantArray, conformantBytes, fixedArray, varyingArray } from './arrays.ts';
import { contextHandle, nullHandle } from './context-handle.ts';
import { guid } from './guid.ts';
import { embeddedRef, unique } from './pointer.ts';
import { bool32, boolean, enum16, fileTime, hyper, i32, u16, u32, u8 } from './primitives.ts';
import { countOf, parameters, spare, struct } from './struct.ts';
import { decode, words } from './testing/encode.ts';
import { bufferedString, bufferedWide, wideArray, wideChars, wideString } from './text.ts';
import type { Ndr } from './type.ts';
import { switchedUnion, union } from './union.ts';

function row<T>(what: string, type: Ndr<T>, value: T, stub: string) {
  return { what, type: type as Ndr<unknown>, value: value as unknown, stub };
}

const inner = struct({ a: unique(u32), b: u32 });
const conformant = struct({ before: u16, elements: conformantArray(u16, { most: 10 }) });
const bytesOf = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

const rows = [
  row(
    'a primitive is aligned to its size',
    struct({ a: u8, b: u16, c: u8, d: u32, e: u8, f: hyper }),
    { a: 1, b: 2, c: 3, d: 4, e: 5, f: -2n },
    '01000200 03000000 04000000 05000000 feffffff ffffffff',
  ),
  row(
    'a FILETIME is aligned to four bytes',
    struct({ a: u8, t: fileTime }),
    { a: 1, t: 2n },
    '01000000 02000000 00000000',
  ),
  row(
    'an enum has two bytes, a boolean one, a BOOL four',
    struct({ e: enum16, b: boolean, w: bool32 }),
    { e: 1, b: true, w: true },
    '01000100 01000000',
  ),
  row(
    "a GUID's first three fields are numbers",
    guid,
    '00112233-4455-6677-8899-aabbccddeeff',
    '33221100 55447766 8899aabb ccddeeff',
  ),
  row('a context handle has 20 bytes', contextHandle, nullHandle, '00000000 00000000 00000000 00000000 00000000'),
  row(
    'a [string] has its maximum, its offset, its count, and its terminator',
    wideString({ most: 9 }),
    'ab',
    '03000000 00000000 03000000 61006200 0000',
  ),
  row(
    'a [string] with max_is announces as many',
    wideString({ most: 9, maxIs: 4 }),
    'a',
    '05000000 00000000 02000000 61000000',
  ),
  row(
    "a [string] in a buffer of the caller's announces the buffer",
    bufferedString({ most: 9 }),
    { maximum: 7, text: '' },
    '07000000 00000000 01000000 0000',
  ),
  row('a WCHAR array of a fixed length is filled with zeros', wideChars(3), 'a', '61000000 0000'),
  row('a conformant WCHAR array has its count alone', wideArray({ most: 9 }), 'a\0', '02000000 61000000'),
  row(
    'a conformant and varying WCHAR array has maximum, offset and count',
    bufferedWide({ most: 9 }),
    { maximum: 3, text: 'a' },
    '03000000 00000000 01000000 6100',
  ),
  row('a fixed array is its elements', fixedArray(u16, 2), [1, 2], '01000200'),
  row('a conformant array begins with its count', conformantArray(u16, { most: 9 }), [1, 2], '02000000 01000200'),
  row('a varying array begins with offset and count', varyingArray(u16, { most: 9 }), [1], '00000000 01000000 0100'),
  row(
    'a conformant and varying array begins with maximum, offset and count',
    bufferedArray(u16, { most: 9 }),
    { maximum: 4, elements: [1] },
    '04000000 00000000 01000000 0100',
  ),
  row(
    'the count of a structure that ends with a conformant array stands in front of it',
    conformant,
    { before: 7, elements: [1, 2] },
    '02000000 07000100 0200',
  ),
  row(
    'the count moves to the front of a structure around it as well',
    struct({ first: u32, last: conformant }),
    { first: 9, last: { before: 7, elements: [1] } },
    '01000000 09000000 07000100',
  ),
  row(
    'a referent follows the whole construct',
    struct({ a: unique(u16), b: u16 }),
    { a: 7, b: 1 },
    '00000200 01000700',
  ),
  row(
    "a referent's own referents follow it, before the next one",
    struct({ p: unique(inner), q: unique(u32) }),
    { p: { a: 1, b: 2 }, q: 3 },
    '00000200 04000200 08000200 02000000 01000000 03000000',
  ),
  row(
    'referents of array elements follow the array',
    conformantArray(struct({ p: unique(u16) }), { most: 9 }),
    [{ p: 1 }, { p: null }, { p: 2 }],
    '03000000 00000200 00000000 04000200 01000200',
  ),
  row(
    'a reference pointer within a structure has an id that is never null',
    struct({ p: embeddedRef(u16) }),
    { p: 5 },
    '00000200 0500',
  ),
  row(
    'a null pointer has no referent',
    struct({ count: countOf('p'), p: unique(conformantBytes({ most: 9 })) }),
    { p: null },
    '00000000 00000000',
  ),
  row(
    'a count is taken from its array',
    struct({ count: countOf('p', u16), p: unique(conformantBytes({ most: 9 })) }),
    { p: bytesOf(1, 2, 3) },
    '03000000 00000200 03000000 010203',
  ),
  row('what is spare is zero', struct({ a: spare(u16), b: u16 }), { b: 1 }, '00000100'),
  row('a union begins with its tag', union(u16, { 1: u8, 2: hyper }), { tag: 1, value: 5 }, '010005'),
  row(
    'an arm is aligned behind the tag',
    union(u16, { 1: u8, 2: hyper }),
    { tag: 2, value: 5n },
    '02000000 00000000 05000000 00000000',
  ),
  row(
    'the tag of a union within a structure is sent twice',
    switchedUnion(u32, { 1: struct({ time: hyper }) }),
    { tag: 1, value: { time: 5n } },
    '01000000 01000000 05000000 00000000',
  ),
  row(
    "a parameter's referents follow it, before the next parameter",
    parameters({ a: unique(u16), b: u16, c: i32 }),
    { a: 1, b: 2, c: -1 },
    '00000200 01000200 ffffffff',
  ),
];

test.each(rows)('$what', ({ type, value, stub }) => {
  expect(words(type, value)).toBe(stub);
  expect(decode(type, Buffer.from(stub.replaceAll(' ', ''), 'hex'))).toEqual(value);
});

test('a text ends at its first NUL', () => {
  expect(decode(wideChars(4), Buffer.from('6100000062006300', 'hex'))).toBe('a');
  expect(
    decode(wideString({ most: 9 }), Buffer.from('0300000000000000030000006100000062000000', 'hex').subarray(0, 18)),
  ).toBe('a');
});
