import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { toHex } from '../crypto/testing/vectors.ts';
import { ntlmMechType } from '../ntlm/mech-type.ts';
import { traced, tracedMessages, tracedTokens } from '../ntlm/testing/vectors.ts';
import { mechTypesDer } from './mech-types.ts';
import { decodeNegTokenInit, encodeNegTokenInit } from './neg-token-init.ts';
import { decodeNegTokenInit2, encodeNegTokenInit2 } from './neg-token-init2.ts';
import { decodeNegTokenResp, encodeNegTokenResp } from './neg-token-resp.ts';
import { runs } from '../testing/runs.ts';

const negoEx = '1.3.6.1.4.1.311.2.2.30';

test("Windows' NegTokenInit2 is understood, and written as it was", () => {
  const token = decodeNegTokenInit2(tracedTokens.negTokenInit2);
  expect(token).toMatchObject({ mechTypes: [negoEx, ntlmMechType], negHints: null, mechListMIC: null });
  expect(token.mechToken?.length).toBe(0x108);
  expect(toHex(encodeNegTokenInit2(token))).toBe(toHex(tracedTokens.negTokenInit2));
});

test("Windows' NegTokenInit is understood, and written as it was", () => {
  const token = decodeNegTokenInit(tracedTokens.negTokenInit);
  expect(token).toMatchObject({ mechTypes: [ntlmMechType], reqFlags: null, mechListMIC: null });
  expect(toHex(token.mechToken)).toBe(toHex(tracedMessages.negotiate));
  expect(toHex(encodeNegTokenInit(token))).toBe(toHex(tracedTokens.negTokenInit));
  expect(toHex(mechTypesDer(token.mechTypes))).toBe(toHex(traced.ntlm.mechTypes_der));
});

test.each([
  ['first', tracedTokens.first, 'accept-incomplete', ntlmMechType, tracedMessages.challenge, null],
  [
    'second',
    tracedTokens.second,
    'accept-incomplete',
    null,
    tracedMessages.authenticate,
    traced.ntlm.mechListMIC_client,
  ],
  ['last', tracedTokens.last, 'accept-completed', null, null, traced.ntlm.mechListMIC_server],
] as const)("Windows' %s NegTokenResp is understood, and written as it was", (_, bytes, state, mech, said, mic) => {
  const token = decodeNegTokenResp(bytes);
  expect([token.negState, token.supportedMech]).toEqual([state, mech]);
  expect([toHex(token.responseToken), toHex(token.mechListMIC)]).toEqual([toHex(said), toHex(mic)]);
  expect(toHex(encodeNegTokenResp(token))).toBe(toHex(bytes));
});

test('a hint is understood, and ignored hints and flags survive', () => {
  const token = {
    mechTypes: [ntlmMechType],
    reqFlags: new Uint8Array([1, 2]),
    mechToken: null,
    negHints: { hintName: 'not_defined_in_RFC4178@please_ignore', hintAddress: null },
    mechListMIC: new Uint8Array([3]),
  };
  expect(decodeNegTokenInit2(encodeNegTokenInit2(token))).toEqual(token);
});

test('a token of another mechanism is refused by its name', () => {
  const bytes = tracedTokens.negTokenInit.slice();
  bytes[9] = 3;
  expect(() => decodeNegTokenInit(bytes)).toThrow('NegTokenInit: at byte 10 is a token of 1.3.6.1.5.5.3');
});

test.each<[string, Uint8Array, (bytes: Uint8Array) => unknown]>([
  ['NegTokenInit', tracedTokens.negTokenInit, decodeNegTokenInit],
  ['NegTokenInit2', tracedTokens.negTokenInit2, decodeNegTokenInit2],
  ['NegTokenResp', tracedTokens.second, decodeNegTokenResp],
])('a %s that is cut off is bad_answer, and a garbled one that or a value', (_, whole, decode) => {
  const outcome = (bytes: Uint8Array): string => {
    try {
      decode(bytes);
      return 'value';
    } catch (error) {
      return error instanceof UsherError ? error.code : `threw ${String(error)}`;
    }
  };
  for (let length = 0; length < whole.length; length++) expect(outcome(whole.subarray(0, length))).toBe('bad_answer');
  const change = fc.tuple(fc.nat(Math.min(whole.length - 1, 60)), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      expect(['value', 'bad_answer']).toContain(outcome(bytes));
    }),
    { numRuns: runs(2000) },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(['value', 'bad_answer']).toContain(outcome(bytes));
    }),
  );
});
