import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defectOf, hostile } from '../testing/hostile.ts';
import { declared } from './testing/declarations.ts';
import { decode, encode } from './testing/encode.ts';
import { runs } from '../testing/runs.ts';

test('a value of any declaration survives its journey', () => {
  fc.assert(
    fc.property(declared, ({ type, value }) => {
      expect(decode(type, encode(type, value))).toEqual(value);
    }),
    { numRuns: runs(2000) },
  );
});

test('a stub of any declaration, cut or garbled, is a value or a UsherError', () => {
  const cases = declared.chain(({ type, value }) => hostile(encode(type, value)).map((stub) => ({ type, stub })));
  fc.assert(
    fc.property(cases, ({ type, stub }) => {
      expect(defectOf(() => decode(type, stub))).toBeNull();
    }),
    { numRuns: runs(3000) },
  );
});
