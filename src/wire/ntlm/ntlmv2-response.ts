import { constant, decode, encode, octets, reserved, rest, struct, u64, u8, type ValueOf } from '../bytes/codec.ts';
import { hmacMd5 } from '../crypto/hash.ts';
import { avPairsToEol } from './av-pair.ts';

/** NTLMv2_CLIENT_CHALLENGE ([MS-NLMP] 2.2.2.7), which is `temp` of 3.3.2 with what senders put behind the pairs. */
const ntlmv2ClientChallenge = struct({
  respType: constant(u8, 1),
  hiRespType: constant(u8, 1),
  reserved1: reserved(6),
  timeStamp: u64,
  challengeFromClient: octets(8),
  reserved3: reserved(4),
  avPairs: avPairsToEol,
  padding: rest,
});

/** NTLMv2_RESPONSE ([MS-NLMP] 2.2.2.8). */
const ntlmv2Response = struct({ ntProofStr: octets(16), clientChallenge: ntlmv2ClientChallenge });

export type Ntlmv2ClientChallenge = Pick<
  ValueOf<typeof ntlmv2ClientChallenge>,
  'timeStamp' | 'challengeFromClient' | 'avPairs' | 'padding'
>;

export interface Ntlmv2Response extends Ntlmv2ClientChallenge {
  readonly ntProofStr: Uint8Array;
}

/** Length of NTLM_RESPONSE, which is NTLM v1: an NTLMv2_RESPONSE is longer. */
export const ntlmv1ResponseLength = 24;

export function decodeNtlmv2Response(bytes: Uint8Array): Ntlmv2Response {
  const { ntProofStr, clientChallenge } = decode('NTLMv2_RESPONSE', ntlmv2Response, bytes);
  return { ntProofStr, ...clientChallenge };
}

/** NtChallengeResponse ([MS-NLMP] 3.3.2). */
export function ntChallengeResponse(
  responseKeyNt: Uint8Array,
  serverChallenge: Uint8Array,
  clientChallenge: Ntlmv2ClientChallenge,
): Uint8Array {
  const temp = encode(ntlmv2ClientChallenge, {
    ...clientChallenge,
    respType: 1,
    hiRespType: 1,
    reserved1: null,
    reserved3: null,
  });
  return new Uint8Array([...ntProofStr(responseKeyNt, serverChallenge, temp), ...temp]);
}

/** NTProofStr that a response should begin with, given all of the response. */
export function expectedNtProofStr(
  responseKeyNt: Uint8Array,
  serverChallenge: Uint8Array,
  response: Uint8Array,
): Uint8Array {
  return ntProofStr(responseKeyNt, serverChallenge, response.subarray(16));
}

function ntProofStr(responseKeyNt: Uint8Array, serverChallenge: Uint8Array, temp: Uint8Array): Uint8Array {
  return hmacMd5(responseKeyNt, serverChallenge, temp);
}
