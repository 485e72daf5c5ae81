import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRequest, decodeResponse } from '../../src/wire/ndr/call.ts';
import { defectOf, hostile } from '../../src/wire/testing/hostile.ts';
import { readCases } from './files.ts';
import { callOf } from './suite.ts';

/** One case of each call: the longest that is short enough to be garbled often. */
const cases = new Map(
  readCases(new URL('../vectors', import.meta.url).pathname)
    .filter(({ responseStub }) => responseStub.length < 4096)
    .toSorted((one, other) => one.responseStub.length - other.responseStub.length)
    .map((one) => [`${one.interface.uuid} ${one.call.opnum}`, one]),
);

test.each([...cases.values()])('$name, cut or garbled, is decoded or a UsherError', (one) => {
  const call = callOf(one);
  fc.assert(
    fc.property(hostile(one.requestStub), hostile(one.responseStub), (request, response) => {
      expect(defectOf(() => decodeRequest(call, request))).toBeNull();
      expect(defectOf(() => decodeResponse(call, response))).toBeNull();
    }),
    { numRuns: 200 },
  );
});

test('every call is among them', () => {
  expect(cases.size).toBe(83);
});
