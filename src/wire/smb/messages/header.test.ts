import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../bytes/codec.ts';
import { runs } from '../../testing/runs.ts';
import { outcomeOf } from '../../testing/outcome.ts';
import { declaredHeader, flag, type Header, header } from './header.ts';
import { beginTransform, decodeTransform, isTransformed, transform, transformSize } from './transform-header.ts';

const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
const octets = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

const common = {
  creditCharge: u16,
  status: u32,
  command: u16,
  credits: u16,
  nextCommand: u32,
  messageId: u64,
  sessionId: u64,
  signature: octets(16),
};
const flags = u32.map((bits) => (bits & ~flag.asyncCommand) >>> 0);
const headers: fc.Arbitrary<Header> = fc.oneof(
  fc.record({ ...common, flags, asyncId: fc.constant(null), reserved: u32, treeId: u32 }),
  fc.record({ ...common, flags: flags.map((bits) => (bits | flag.asyncCommand) >>> 0), asyncId: u64 }),
);
/** The bytes, cut off somewhere, or one of them another. */
const spoilt = (good: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.nat(good.length).map((length) => good.subarray(0, length)),
    fc.tuple(fc.nat(good.length - 1), fc.nat(0xff)).map(([at, byte]) => good.with(at, byte)),
  );

test('a header is written as it is declared', () => {
  fc.assert(
    fc.property(headers, (value) => {
      expect(Buffer.from(encode(header, value))).toEqual(Buffer.from(encode(declaredHeader, value)));
    }),
    { numRuns: runs(500) },
  );
});

test('a header is read, or refused, as it is declared', () => {
  const messages = headers.map((value) => encode(declaredHeader, value)).chain(spoilt);
  fc.assert(
    fc.property(messages, (message) => {
      const [quick, declared] = [header, declaredHeader].map((codec) =>
        outcomeOf(() => decode('HEADER', codec, message)),
      );
      expect(quick).toEqual(declared);
    }),
    { numRuns: runs(1000) },
  );
});

test('the header of an encrypted message is written as it is declared', () => {
  const nothing = { signature: new Uint8Array(16), encrypted: new Uint8Array() };
  fc.assert(
    fc.property(u64, fc.constantFrom(11, 12), u64, (count, nonceLength, sessionId) => {
      const written = new Uint8Array(transformSize);
      beginTransform(written, { count, nonceLength, size: 0, sessionId });
      const nonce = new Uint8Array(16);
      new DataView(nonce.buffer).setBigUint64(0, count, true);
      expect(written).toEqual(Uint8Array.from(encode(transform, { ...nothing, nonce, sessionId })));
      expect(isTransformed(written)).toBe(true);
    }),
    { numRuns: runs(300) },
  );
});

test('an encrypted message is taken apart, or refused, as it is declared', () => {
  const values = fc.record({
    signature: octets(16),
    nonce: octets(16),
    encrypted: fc.uint8Array({ maxLength: 40 }),
    sessionId: u64,
  });
  fc.assert(
    fc.property(values.map((value) => encode(transform, value)).chain(spoilt), (message) => {
      const declared = outcomeOf(() => decode('SMB2 TRANSFORM_HEADER', transform, message));
      expect(outcomeOf(() => decodeTransform(message))).toEqual(declared);
    }),
    { numRuns: runs(1000) },
  );
});
