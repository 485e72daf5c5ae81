import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../bytes/codec.ts';
import { outcomeOf } from '../../testing/outcome.ts';
import { runs } from '../../testing/runs.ts';
import { declaredHeader, header } from './header.ts';

const [u8, u16] = [fc.nat(0xff), fc.nat(0xffff)];
const headers = fc.record({ ptype: u8, pfcFlags: u8, fragLength: u16, authLength: u16, callId: fc.nat(0xffffffff) });

test('a header is written as it is declared', () => {
  fc.assert(
    fc.property(headers, (value) => {
      expect(Buffer.from(encode(header, value))).toEqual(Buffer.from(encode(declaredHeader, value)));
    }),
    { numRuns: runs(300) },
  );
});

test('a header is read, or refused, as it is declared', () => {
  const spoilt = headers.chain((value) => {
    const good = encode(declaredHeader, value);
    return fc.oneof(
      fc.nat(good.length).map((length) => good.subarray(0, length)),
      fc.tuple(fc.nat(good.length - 1), u8).map(([at, byte]) => good.with(at, byte)),
    );
  });
  fc.assert(
    fc.property(spoilt, (bytes) => {
      const [quick, declared] = [header, declaredHeader].map((codec) =>
        outcomeOf(() => decode('HEADER', codec, bytes)),
      );
      expect(quick).toEqual(declared);
    }),
    { numRuns: runs(1000) },
  );
});
