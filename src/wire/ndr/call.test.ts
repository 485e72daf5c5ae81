import { expect, test } from 'vitest';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse, rpcCall } from './call.ts';
import { i32, u8 } from './primitives.ts';
import { wideString } from './text.ts';

const greet = rpcCall(
  { name: 'Greeter', uuid: '00112233-4455-6677-8899-aabbccddeeff', major: 1, minor: 0, pipe: 'greeter' },
  {
    name: 'RpcGreet',
    opnum: 3,
    request: { szName: wideString({ most: 8 }) },
    response: { mood: u8, returnValue: i32 },
  },
);

test('a call has its parameters one after the other, and its result at the end', () => {
  const response = { mood: 1, returnValue: -1 };
  expect(decodeRequest(greet, encodeRequest(greet, { szName: 'Ada' }))).toEqual({ szName: 'Ada' });
  expect(decodeResponse(greet, encodeResponse(greet, response))).toEqual(response);
});

test.each([
  ['request', () => decodeRequest(greet, new Uint8Array(8)), 'RpcGreet request: szName at byte 8 needs 4 bytes'],
  [
    'response',
    () => decodeResponse(greet, new Uint8Array(5)),
    'RpcGreet response: returnValue at byte 4 needs 4 bytes',
  ],
])('what is wrong with a %s names call, field and offset', (_, decode, message) => {
  expect(decode).toThrow(expect.objectContaining({ code: 'bad_answer', message: expect.stringContaining(message) }));
});

test('a request may be followed by anything, a response by padding', () => {
  const request = encodeRequest(greet, { szName: 'Ada' });
  const response = encodeResponse(greet, { mood: 1, returnValue: 0 });
  const followedBy = (stub: Uint8Array, count: number): Uint8Array => Buffer.concat([stub, new Uint8Array(count)]);
  expect(decodeRequest(greet, followedBy(request, 100))).toEqual({ szName: 'Ada' });
  expect(decodeResponse(greet, followedBy(response, 15))).toEqual({ mood: 1, returnValue: 0 });
  expect(() => decodeResponse(greet, followedBy(response, 16))).toThrow('is followed by 16 bytes more');
});
