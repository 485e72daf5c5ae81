import { decode, encode, octets, reserved, u32, type ValueOf } from '../bytes/codec.ts';
import { avPairs } from './av-pair.ts';
import { messageType, messageTypes, signature } from './head.ts';
import { beforePayload, inPayload, message, text } from './payload.ts';
import { version } from './version.ts';

const name = 'CHALLENGE_MESSAGE';

/** CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2): what the server chose, who it is, and its nonce. */
const challengeMessage = message(
  name,
  {
    signature,
    messageType: messageType('challenge'),
    targetName: inPayload(text),
    negotiateFlags: u32,
    serverChallenge: octets(8),
    reserved: reserved(8),
    targetInfo: inPayload(avPairs),
    version: beforePayload(8, version),
  },
  { order: ['targetName', 'targetInfo'], emptyAt: 'its place' },
);

export type ChallengeMessage = Omit<ValueOf<typeof challengeMessage>, 'signature' | 'messageType' | 'reserved'>;

export function decodeChallengeMessage(bytes: Uint8Array): ChallengeMessage {
  return decode(name, challengeMessage, bytes);
}

export function encodeChallengeMessage(value: ChallengeMessage): Uint8Array {
  return encode(challengeMessage, {
    ...value,
    signature: null,
    messageType: messageTypes.challenge,
    reserved: null,
  });
}
