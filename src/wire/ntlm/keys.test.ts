import { expect, test } from 'vitest';
import { toHex } from '../crypto/testing/vectors.ts';
import { avPairsToEol } from './av-pair.ts';
import { decode } from '../bytes/codec.ts';
import { exchangedKey, ntowfv1, ntowfv2, sealKey, sessionBaseKey, signKey, uppercase } from './keys.ts';
import { expectedNtProofStr, ntChallengeResponse } from './ntlmv2-response.ts';
import { micOf } from './mic.ts';
import { specified, traced, tracedMessages } from './testing/vectors.ts';
import { decodeAuthenticateMessage } from './authenticate-message.ts';

const { inputs } = specified;

test('the keys and the response are those of [MS-NLMP] 4.2.4', () => {
  expect(toHex(ntowfv1(inputs.password))).toBe(toHex(specified.NTOWFv1));
  const responseKey = ntowfv2(specified.NTOWFv1, inputs.user, inputs.domain);
  expect(toHex(responseKey)).toBe(toHex(specified.NTOWFv2));
  const response = ntChallengeResponse(responseKey, inputs.server_challenge, {
    timeStamp: 0n,
    challengeFromClient: inputs.client_challenge,
    avPairs: decode('target info', avPairsToEol, inputs.target_info),
    padding: new Uint8Array(4),
  });
  expect(toHex(response)).toBe(toHex(specified.NtChallengeResponse));
  const keyExchangeKey = sessionBaseKey(responseKey, specified.NTProofStr);
  expect(toHex(keyExchangeKey)).toBe(toHex(specified.SessionBaseKey));
  expect(toHex(exchangedKey(keyExchangeKey, inputs.random_session_key))).toBe(
    toHex(specified.EncryptedRandomSessionKey),
  );
  expect(toHex(signKey(inputs.random_session_key, 'client-to-server'))).toBe(toHex(specified.ClientSignKey));
  expect(toHex(sealKey(inputs.random_session_key, 'client-to-server'))).toBe(toHex(specified.ClientSealKey));
});

test("the keys, the proof and the MIC are those of Windows' trace", () => {
  const { credentials, ntlm } = traced;
  const responseKey = ntowfv2(ntowfv1(credentials.password), credentials.user, credentials.domain);
  expect(toHex(responseKey)).toBe(toHex(ntlm.NTOWFv2));
  const response = decodeAuthenticateMessage(tracedMessages.authenticate).ntChallengeResponse;
  expect(toHex(expectedNtProofStr(responseKey, ntlm.server_challenge, response))).toBe(toHex(ntlm.NTProofStr));
  const keyExchangeKey = sessionBaseKey(responseKey, ntlm.NTProofStr);
  expect(toHex(keyExchangeKey)).toBe(toHex(ntlm.KeyExchangeKey));
  const key = exchangedKey(keyExchangeKey, ntlm.EncryptedRandomSessionKey);
  expect(toHex(key)).toBe(toHex(ntlm.ExportedSessionKey));
  expect(toHex(signKey(key, 'client-to-server'))).toBe(toHex(ntlm.ClientSigningKey));
  expect(toHex(signKey(key, 'server-to-client'))).toBe(toHex(ntlm.ServerSigningKey));
  expect(toHex(sealKey(key, 'client-to-server'))).toBe(toHex(ntlm.ClientSealingKey));
  expect(toHex(sealKey(key, 'server-to-client'))).toBe(toHex(ntlm.ServerSealingKey));
  expect(toHex(micOf(key, tracedMessages))).toBe(toHex(ntlm.MIC));
});

test.each([
  ['administrator', 'ADMINISTRATOR'],
  ['zoë.müller', 'ZOË.MÜLLER'],
  ['groß', 'GROß'],
  ['ıµſ', 'ıµſ'],
  ['ÿжως', 'ŸЖΩΣ'],
  ['a😀', 'A😀'],
])('%s is %s in upper case, unit for unit', (user, upper) => {
  expect(uppercase(user)).toBe(upper);
});
