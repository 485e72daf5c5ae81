import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { decode, encode } from '../bytes/codec.ts';
import { fromHex, toHex } from '../crypto/testing/vectors.ts';
import { contentsLimit, element } from './element.ts';
import { objectIdentifier } from './object-identifier.ts';
import { bitString, enumerated, generalString, octetString } from './primitives.ts';
import { explicit, optional, required, sequence, sequenceOf } from './sequence.ts';
import { runs } from '../testing/runs.ts';

const record = element(
  sequence({
    kind: required(0, enumerated(['none', 'some'])),
    ids: optional(1, sequenceOf(objectIdentifier, 3)),
    data: optional(3, octetString),
    name: optional(4, generalString),
    flags: optional(5, bitString),
  }),
);

const read = (hex: string): unknown => {
  try {
    return decode('RECORD', record, fromHex(hex));
  } catch (error) {
    return error instanceof UsherError ? `${error.code}: ${error.message}` : `threw ${String(error)}`;
  }
};

test.each([
  ['1.3.6.1.5.5.2', '06062b0601050502'],
  ['1.3.6.1.4.1.311.2.2.10', '060a2b06010401823702020a'],
  ['1.2.840.113554.1.2.2', '06092a864886f712010202'],
  ['1.2.840.48018.1.2.2', '06092a864882f712010202'],
  ['2.999.3', '0603883703'],
  ['0.0', '060100'],
])('the object identifier %s is %s', (dotted, hex) => {
  expect(toHex(encode(element(objectIdentifier), dotted))).toBe(hex);
  expect(decode('OID', element(objectIdentifier), fromHex(hex))).toBe(dotted);
});

test('what is missing is null, and what a later version adds behind is skipped', () => {
  const empty = { kind: 'some', ids: null, data: null, name: null, flags: null };
  expect(read('3005a0030a0101')).toEqual(empty);
  expect(read('3008a0030a0101a60101')).toEqual(empty);
});

test.each([
  ['nothing', '', 'bad_answer: RECORD: at byte 0 is missing, where 48 must be'],
  ['another tag', '3105a0030a0101', 'bad_answer: RECORD: at byte 0 has the tag 49, where 48 must be'],
  ['an indefinite length', '3080a0030a01010000', 'bad_answer: RECORD: at byte 2 has an indefinite length'],
  [
    'a length that is too long for its value',
    '308105a0030a0101',
    'bad_answer: RECORD: at byte 3 has the length 5 in 1 bytes',
  ],
  ['a length of five bytes', '308500000000050000', 'bad_answer: RECORD: at byte 2 has a length of 5 bytes'],
  ['a length beyond its end', '3006a0030a0101', 'bad_answer: RECORD: at byte 2 needs 6 bytes, where 5 are left'],
  ['an element beyond the one around it', '3005a0040a0101ff', 'bad_answer: RECORD: kind at byte 4 needs 4 bytes'],
  ['more than its element holds', '3006a0040a010100', 'bad_answer: RECORD: kind at byte 7 is followed by 1 bytes more'],
  ['more behind it', '3005a0030a010100', 'bad_answer: RECORD: at byte 7 is followed by 1 bytes more'],
  ['no required component', '3000', 'bad_answer: RECORD: kind at byte 2 is missing, where 160 must be'],
  ['another order', '3009a0030a0101a0020400', 'bad_answer: RECORD: at byte 7 has the tag 160 out of its order'],
  ['an unknown number', '3005a0030a0102', 'bad_answer: RECORD: kind at byte 7 is 2'],
  [
    'an object identifier without end',
    '300ca0030a0101a1053003060181',
    'bad_answer: RECORD: ids at byte 14 is an object identifier that is cut off',
  ],
])('a message with %s is bad_answer, with its place', (_, hex, complaint) => {
  expect(read(hex)).toContain(complaint);
});

test('limits hold: size, count and number', () => {
  const long = new Uint8Array(contentsLimit + 1);
  expect(() => decode('M', element(octetString), encode(element(octetString), long))).toThrow(
    'above the limit of 131072',
  );
  const four = encode(element(sequenceOf(objectIdentifier, 4)), ['1.2', '1.3', '1.4', '1.5']);
  expect(() => decode('M', element(sequenceOf(objectIdentifier, 3)), four)).toThrow('has more than 3 items');
  for (const oid of ['06062affffffffff7f', '06032a8001', '0600', `0641${'01'.repeat(65)}`, '06022a81']) {
    expect(() => decode('M', element(objectIdentifier), fromHex(oid))).toThrow(UsherError);
  }
});

test('values of every length survive', () => {
  const number = fc.nat(0xffffffff);
  const oid = fc
    .tuple(fc.nat(2), fc.nat(39), fc.array(number, { maxLength: 8 }))
    .map(([root, second, others]) => [root, second, ...others].join('.'));
  const values = fc.record({
    kind: fc.constantFrom('none' as const, 'some' as const),
    ids: fc.option(fc.array(oid, { maxLength: 3 })),
    data: fc.option(fc.integer({ min: 0, max: 70_000 }).map((length) => new Uint8Array(length).fill(9))),
    name: fc.option(fc.string({ unit: 'binary-ascii' })),
    flags: fc.option(fc.uint8Array({ maxLength: 9 })),
  });
  fc.assert(
    fc.property(values, (value) => {
      expect(decode('RECORD', record, encode(record, value))).toEqual(value);
    }),
  );
});

test('garbled and truncated bytes are a value or bad_answer, and a value is written as it was', () => {
  const whole = fromHex('3025a0030a0101a10a300806062b0601050502a3050403010203a4051b03616263a50403020780');
  expect(toHex(encode(record, decode('RECORD', record, whole)))).toBe(toHex(whole));
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.nat(whole.length), (changes, length) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      expect(JSON.stringify(read(toHex(bytes.subarray(0, length)) ?? ''))).toMatch(/^({|"bad_answer: )/);
    }),
    { numRuns: runs(2000) },
  );
});

test('an explicit tag is one element around another', () => {
  expect(toHex(encode(element(explicit(2, octetString)), fromHex('0102')))).toBe('a20404020102');
});
