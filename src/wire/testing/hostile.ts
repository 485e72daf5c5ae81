import fc from 'fast-check';
import { UsherError } from '../../sessions/errors.ts';

/** What is thrown besides a {@link UsherError}, or null. */
export function defectOf(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof UsherError ? null : error;
  }
}

/** Beginnings of the bytes, the bytes with some of them changed, and counts in them made large. */
export function hostile(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const cut = fc.nat(good.length).map((length) => good.subarray(0, length));
  const byte = fc.tuple(fc.nat(Math.max(0, good.length - 1)), fc.nat(0xff));
  const garbled = fc.array(byte, { minLength: 1, maxLength: 6 }).map((changes) => {
    const bad = good.slice();
    for (const [at, value] of changes) bad[at] = value;
    return bad;
  });
  const word = fc.tuple(
    fc.nat(Math.max(0, Math.floor(good.length / 4) - 1)),
    fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff),
  );
  const counted = word.map(([at, value]) => {
    const bad = good.slice();
    if (bad.length >= 4) new DataView(bad.buffer).setUint32(4 * at, value, true);
    return bad;
  });
  return fc.oneof(cut, garbled, counted, fc.uint8Array({ maxLength: good.length + 64 }));
}
