import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nullHandle } from '../ndr/context-handle.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse, type RpcCall } from '../ndr/call.ts';
import { defectOf, hostile } from '../testing/hostile.ts';
import { enumKey } from './enum-key.ts';
import { enumValue } from './enum-value.ts';
import { queryInfoKey } from './query-info-key.ts';
import { errorCode } from './result.ts';
import { valueType } from './value.ts';

const hKey = { attributes: 0, uuid: '00112233-4455-6677-8899-aabbccddeeff' };
const handle = '0000000033221100554477668899aabbccddeeff';

function row<Request, Response>(
  call: RpcCall<Request, Response>,
  request: Request,
  requestStub: string,
  response: Response,
  responseStub: string,
) {
  const stubs = [requestStub, responseStub].map((stub) => Buffer.from(stub.replaceAll(' ', ''), 'hex'));
  return { name: call.name, call: call as RpcCall<unknown, unknown>, request, response, stubs };
}

const room = { maximum: 4, elements: new Uint8Array() };

const rows = [
  row(
    enumKey,
    { hKey, dwIndex: 1, lpNameIn: 4, lpClassIn: 0, lpftLastWriteTime: 0n },
    `${handle} 01000000 00000800 00000200 04000000 00000000 00000000 04000200 00000000 00000000 08000200 00000000 00000000`,
    { lpNameOut: 'Sub', lplpClassOut: null, lpftLastWriteTime: 5n, returnValue: errorCode.success },
    '08000800 00000200 04000000 00000000 04000000 53007500 62000000 00000000 04000200 05000000 00000000 00000000',
  ),
  row(
    enumValue,
    { hKey, dwIndex: 0, lpValueNameIn: 2, lpType: 0, lpData: room, lpcbData: 4, lpcbLen: 0 },
    `${handle} 00000000 00000400 00000200 02000000 00000000 00000000 04000200 00000000 08000200 04000000 00000000 00000000 0c000200 04000000 10000200 00000000`,
    {
      lpValueNameOut: 'V',
      lpType: valueType.dword,
      lpData: { maximum: 4, elements: Uint8Array.of(1, 0, 0, 0) },
      lpcbData: 4,
      lpcbLen: 4,
      returnValue: errorCode.success,
    },
    '04000400 00000200 02000000 00000000 02000000 56000000 04000200 04000000 08000200 04000000 00000000 04000000 01000000 0c000200 04000000 10000200 04000000 00000000',
  ),
  row(
    queryInfoKey,
    { hKey, lpClassIn: 0 },
    `${handle} 00000000 00000000`,
    {
      lpClassOut: '',
      lpcSubKeys: 2,
      lpcbMaxSubKeyLen: 3,
      lpcbMaxClassLen: 0,
      lpcValues: 1,
      lpcbMaxValueNameLen: 1,
      lpcbMaxValueLen: 4,
      lpcbSecurityDescriptor: 100,
      lpftLastWriteTime: 5n,
      returnValue: errorCode.success,
    },
    '02000200 00000200 01000000 00000000 01000000 00000000 02000000 03000000 00000000 01000000 01000000 04000000 64000000 05000000 00000000 00000000',
  ),
];

test.each(rows)('$name is what the IDL says', ({ call, request, response, stubs: [requestStub, responseStub] }) => {
  expect(Buffer.from(encodeRequest(call, request))).toEqual(requestStub);
  expect(Buffer.from(encodeResponse(call, response))).toEqual(responseStub);
  expect(decodeRequest(call, requestStub ?? new Uint8Array())).toEqual(request);
  expect(decodeResponse(call, responseStub ?? new Uint8Array())).toEqual(response);
});

test.each(rows)('$name, cut or garbled, is decoded or a UsherError', ({ call, stubs: [request, response] }) => {
  const none = new Uint8Array();
  fc.assert(
    fc.property(
      hostile(new Uint8Array(request ?? none)),
      hostile(new Uint8Array(response ?? none)),
      (asked, answered) => {
        expect(defectOf(() => decodeRequest(call, asked))).toBeNull();
        expect(defectOf(() => decodeResponse(call, answered))).toBeNull();
      },
    ),
  );
});

test('an enumeration that is over gives no name', () => {
  const stub = Buffer.from('00000000 00000000 00000000 00000000 03010000'.replaceAll(' ', ''), 'hex');
  expect(decodeResponse(enumKey, stub)).toEqual({
    lpNameOut: null,
    lplpClassOut: null,
    lpftLastWriteTime: null,
    returnValue: errorCode.noMoreItems,
  });
});

test('a name that 16 bits cannot count is not sent', () => {
  const request = { hKey: nullHandle, dwIndex: 0, lpNameIn: 0x8000, lpClassIn: null, lpftLastWriteTime: null };
  expect(() => encodeRequest(enumKey, request)).toThrow('room for 32768 characters');
});
