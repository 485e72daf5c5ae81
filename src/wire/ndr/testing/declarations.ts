import fc from 'fast-check';
import { bufferedArray, bytes, conformantArray, conformantBytes, fixedArray, varyingArray } from '../arrays.ts';
import { guid } from '../guid.ts';
import { embeddedRef, unique } from '../pointer.ts';
import { boolean, fileTime, hyper, i32, u16, u32, u8 } from '../primitives.ts';
import { struct } from '../struct.ts';
import { bufferedString, wideArray, wideChars, wideString } from '../text.ts';
import { type Fixed, isConformant, type Ndr } from '../type.ts';
import { switchedUnion, union } from '../union.ts';

/** A declaration, and a value of it. */
export interface Declared<N extends Ndr<unknown> = Ndr<unknown>> {
  readonly type: N;
  readonly value: unknown;
}

const most = 200;
const text = fc.string({ unit: 'grapheme', maxLength: 5 }).map((one) => one.replaceAll('\0', ''));

function of<N extends Ndr<unknown>>(type: N, values: fc.Arbitrary<unknown>): fc.Arbitrary<Declared<N>> {
  return values.map((value) => ({ type, value }));
}

const fixed: fc.Arbitrary<Declared<Fixed<unknown>>> = fc.oneof(
  of<Fixed<unknown>>(u8, fc.nat(0xff)),
  of<Fixed<unknown>>(u16, fc.nat(0xffff)),
  of<Fixed<unknown>>(u32, fc.nat(0xffffffff)),
  of<Fixed<unknown>>(i32, fc.integer()),
  of<Fixed<unknown>>(hyper, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
  of<Fixed<unknown>>(fileTime, fc.bigInt(0n, 2n ** 64n - 1n)),
  of<Fixed<unknown>>(boolean, fc.boolean()),
  of<Fixed<unknown>>(guid, fc.uuid()),
  of<Fixed<unknown>>(bytes(3), fc.uint8Array({ minLength: 3, maxLength: 3 })),
  of<Fixed<unknown>>(wideChars(most), text),
);

/** Elements of one type, all the same. */
function repeated({ type, value }: Declared, count: number): Declared<Ndr<unknown>> & { readonly values: unknown[] } {
  return { type, value, values: Array.from({ length: count }, () => value) };
}

/** Only the last field may be conformant. */
function asField(type: Ndr<unknown>, isLast: boolean): Ndr<unknown> {
  return isConformant(type) && !isLast ? unique(type) : type;
}

const few = fc.nat(4);

/** A declaration of any depth, and a value of it. */
export const declared: fc.Arbitrary<Declared> = fc.letrec<{ any: Declared; record: Declared }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fixed,
    of(wideString({ most }), text),
    of(wideArray({ most }), text),
    of(
      bufferedString({ most }),
      text.map((one) => ({ maximum: one.length + 3, text: one })),
    ),
    of(conformantBytes({ most }), fc.uint8Array({ maxLength: most })),
    fc.tuple(fixed, few).map(([one, more]) => {
      const { values } = repeated(one, more + 1);
      return { type: fixedArray(one.type, more + 1), value: values };
    }),
    fc.tuple(tie('any'), few).map(([one, count]) => {
      const { type, values } = repeated(one, count);
      return { type: conformantArray(type, { most }), value: values };
    }),
    fc.tuple(tie('any'), few).map(([one, count]) => {
      const { type, values } = repeated(one, count);
      return { type: varyingArray(type, { most }), value: values };
    }),
    fc.tuple(tie('any'), few).map(([one, count]) => {
      const { type, values } = repeated(one, count);
      return { type: bufferedArray(type, { most }), value: { maximum: count + 2, elements: values } };
    }),
    fc.tuple(tie('any'), fc.boolean()).map(([{ type, value }, isNull]) => {
      return { type: unique(type), value: isNull ? null : value };
    }),
    tie('any').map(({ type, value }) => ({ type: embeddedRef(type), value })),
    tie('any').map(({ type, value }) => ({ type: union(u16, { 3: type }), value: { tag: 3, value } })),
    tie('any').map(({ type, value }) => ({ type: switchedUnion(u32, { 3: type }), value: { tag: 3, value } })),
    tie('record'),
  ),
  record: fc.array(tie('any'), { minLength: 1, maxLength: 4 }).map((members) => ({
    type: struct(
      Object.fromEntries(members.map(({ type }, at) => [`f${at}`, asField(type, at === members.length - 1)])),
    ),
    value: Object.fromEntries(members.map(({ value }, at) => [`f${at}`, value])),
  })),
})).any;
