import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { fromHex, toHex } from '../crypto/testing/vectors.ts';
import { decodeAuthenticateMessage, encodeAuthenticateMessage } from './authenticate-message.ts';
import { avText, avTimestamp } from './av-pair.ts';
import { decodeChallengeMessage, encodeChallengeMessage } from './challenge-message.ts';
import { decodeMessageSignature, encodeMessageSignature } from './message-signature.ts';
import { flagsOf, hasFlag } from './negotiate-flags.ts';
import { decodeNegotiateMessage, encodeNegotiateMessage } from './negotiate-message.ts';
import { decodeNtlmv2Response } from './ntlmv2-response.ts';
import { specified, traced, tracedMessages } from './testing/vectors.ts';
import { runs } from '../testing/runs.ts';

test("Windows' NEGOTIATE_MESSAGE is understood, and written as it was", () => {
  const message = decodeNegotiateMessage(tracedMessages.negotiate);
  expect(message).toMatchObject({
    negotiateFlags: 0xe2088297,
    version: { productMajorVersion: 6, productBuild: 9600 },
  });
  expect(toHex(encodeNegotiateMessage(message))).toBe(toHex(tracedMessages.negotiate));
});

test('a NEGOTIATE_MESSAGE without a version is understood', () => {
  expect(decodeNegotiateMessage(tracedMessages.negotiate.subarray(0, 32)).version).toBeNull();
});

test('names in a NEGOTIATE_MESSAGE survive', () => {
  const message = {
    negotiateFlags: flagsOf(['unicode', 'strength56']),
    domainName: fromHex('434f5250'),
    workstationName: fromHex('5043'),
    version: null,
  };
  expect(decodeNegotiateMessage(encodeNegotiateMessage(message))).toMatchObject(message);
});

test.each([
  [
    'the example of [MS-NLMP] 4.2.4.3',
    specified.CHALLENGE_MESSAGE,
    'Server',
    specified.inputs.server_challenge,
    'Domain',
  ],
  ['the one of Windows', tracedMessages.challenge, 'SUT311', traced.ntlm.server_challenge, 'SUT311'],
])('the CHALLENGE_MESSAGE, %s, is understood, and written as it was', (_, bytes, name, challenge, domain) => {
  const message = decodeChallengeMessage(bytes);
  expect(message.targetName).toBe(name);
  expect(toHex(message.serverChallenge)).toBe(toHex(challenge));
  expect(hasFlag(message.negotiateFlags, 'strength56')).toBe(true);
  expect(avText(message.targetInfo ?? [], 'nbDomainName')).toBe(domain);
  expect(toHex(encodeChallengeMessage(message))).toBe(toHex(bytes));
});

test("the server's time is told by its challenge", () => {
  expect(avTimestamp(decodeChallengeMessage(tracedMessages.challenge).targetInfo ?? [])).toBe(0x01d0aecbadf5a1a1n);
  expect(avTimestamp(decodeChallengeMessage(specified.CHALLENGE_MESSAGE).targetInfo ?? [])).toBeNull();
});

test('the AUTHENTICATE_MESSAGE of [MS-NLMP] 4.2.4.3, without a MIC, is understood, and written as it was', () => {
  const message = decodeAuthenticateMessage(specified.AUTHENTICATE_MESSAGE);
  expect(message).toMatchObject({ domainName: 'Domain', userName: 'User', workstation: 'COMPUTER', mic: null });
  expect(toHex(message.ntChallengeResponse)).toBe(toHex(specified.NtChallengeResponse));
  expect(toHex(message.lmChallengeResponse)).toBe(toHex(specified.LmChallengeResponse));
  expect(toHex(message.encryptedRandomSessionKey)).toBe(toHex(specified.EncryptedRandomSessionKey));
  expect(toHex(encodeAuthenticateMessage(message))).toBe(toHex(specified.AUTHENTICATE_MESSAGE));
});

test("Windows' AUTHENTICATE_MESSAGE is understood, and written as it was", () => {
  const message = decodeAuthenticateMessage(tracedMessages.authenticate);
  expect(message).toMatchObject({ domainName: 'SUT311', userName: 'administrator', workstation: 'DRIVER311' });
  expect(toHex(message.mic)).toBe(toHex(traced.ntlm.MIC));
  const response = decodeNtlmv2Response(message.ntChallengeResponse);
  expect(toHex(response.ntProofStr)).toBe(toHex(traced.ntlm.NTProofStr));
  expect(avText(response.avPairs, 'targetName')).toBe('cifs/SUT311');
  expect(toHex(encodeAuthenticateMessage(message))).toBe(toHex(tracedMessages.authenticate));
});

test('the signature of [MS-NLMP] 4.2.4.4 is understood, and written as it was', () => {
  const { signature } = specified.GSS_WrapEx;
  expect(decodeMessageSignature(signature)).toMatchObject({ checksum: fromHex('7fb38ec5c55d4976'), seqNum: 0 });
  expect(toHex(encodeMessageSignature(decodeMessageSignature(signature)))).toBe(toHex(signature));
});

test.each([
  ['another signature', '4e544c4d53535100', 'NEGOTIATE_MESSAGE: signature at byte 8 is not NTLMSSP'],
  ['another type', '4e544c4d5353500002000000', 'NEGOTIATE_MESSAGE: messageType at byte 12 is 2, where 1 must be'],
  [
    'a name beyond its end',
    '4e544c4d5353500001000000000000000400040000010000',
    'NEGOTIATE_MESSAGE: domainName at byte 24 points to byte 256 of 24',
  ],
])('a message with %s is refused by name', (_, hex, complaint) => {
  expect(() => decodeNegotiateMessage(fromHex(hex))).toThrow(
    expect.objectContaining({ code: 'bad_answer', message: complaint }),
  );
});

const decoders: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => unknown])[] = [
  ['NEGOTIATE_MESSAGE', tracedMessages.negotiate, decodeNegotiateMessage],
  ['CHALLENGE_MESSAGE', tracedMessages.challenge, decodeChallengeMessage],
  ['AUTHENTICATE_MESSAGE', tracedMessages.authenticate, decodeAuthenticateMessage],
  [
    'NTLMv2_RESPONSE',
    decodeAuthenticateMessage(tracedMessages.authenticate).ntChallengeResponse,
    (bytes) => {
      const { avPairs } = decodeNtlmv2Response(bytes);
      return [avText(avPairs, 'targetName'), avTimestamp(avPairs)];
    },
  ],
  ['NTLMSSP_MESSAGE_SIGNATURE', specified.GSS_WrapEx.signature, decodeMessageSignature],
];

/** A value, or the typed error. */
function outcome(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): string {
  try {
    decode(bytes);
    return 'value';
  } catch (error) {
    return error instanceof UsherError ? error.code : `threw ${String(error)}`;
  }
}

test.each(decoders)(
  'a %s that is cut off or garbled is a value or bad_answer, never anything else',
  (_, whole, decode) => {
    for (let length = 0; length < whole.length; length++) {
      expect(['value', 'bad_answer']).toContain(outcome(decode, whole.subarray(0, length)));
    }
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        expect(['value', 'bad_answer']).toContain(outcome(decode, bytes));
      }),
      { numRuns: runs(1000) },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['value', 'bad_answer']).toContain(outcome(decode, bytes));
      }),
    );
  },
);
