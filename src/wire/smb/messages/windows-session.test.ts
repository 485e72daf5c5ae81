import { expect, test } from 'vitest';
import type { Codec } from '../../bytes/codec.ts';
import { toHex } from '../../crypto/testing/vectors.ts';
import { session } from '../testing/windows-session.ts';
import { decodeBody, decodeHeader, encodeMessage } from './command.ts';
import { negotiate } from './negotiate.ts';
import { sessionSetup } from './session-setup.ts';

const { packets } = session;

function again<T>(body: Codec<T>, message: Uint8Array): string | null {
  return toHex(encodeMessage(decodeHeader(message), body, decodeBody('message', body, message)));
}

test.each([
  ['neg_req', negotiate.request],
  ['neg_resp', negotiate.response],
  ['ss_req1', sessionSetup.request],
  ['ss_resp1', sessionSetup.response],
  ['ss_req2', sessionSetup.request],
  ['ss_resp2', sessionSetup.response],
] as const)('%s of a Windows session is read and written to the byte', (name, body: Codec<unknown>) => {
  expect(again(body, packets[name])).toBe(toHex(packets[name]));
});

test('the values of a Windows NEGOTIATE are the published ones', () => {
  const request = decodeBody('NEGOTIATE', negotiate.request, packets.neg_req);
  expect(request.dialects).toEqual([0x0202, 0x0210, 0x0300, 0x0302, 0x0311]);
  expect(request.negotiateContexts).toMatchObject([
    { kind: 'preauthIntegrity', hashAlgorithms: [1], salt: { length: 32 } },
    { kind: 'encryption', ciphers: [2, 1] },
  ]);
  const response = decodeBody('NEGOTIATE', negotiate.response, packets.neg_resp);
  expect(response).toMatchObject({ securityMode: 1, dialectRevision: 0x0311, maxReadSize: 0x800000 });
  expect(response.securityBuffer.subarray(0, 4)).toEqual(new Uint8Array([0x60, 0x82, 0x01, 0x3c]));
  expect(response.negotiateContexts).toMatchObject([{ hashAlgorithms: [1] }, { kind: 'encryption', ciphers: [2] }]);
});

test('the values of a Windows SESSION_SETUP are the published ones', () => {
  expect(decodeHeader(packets.ss_resp1)).toMatchObject({
    status: 0xc0000016,
    command: 1,
    credits: 1,
    flags: 1,
    messageId: 2n,
    asyncId: null,
    treeId: 0,
    sessionId: 0x100000000019n,
  });
  const { securityBuffer, sessionFlags } = decodeBody('SESSION_SETUP', sessionSetup.response, packets.ss_resp2);
  expect([sessionFlags, securityBuffer.length]).toEqual([0, 29]);
});
