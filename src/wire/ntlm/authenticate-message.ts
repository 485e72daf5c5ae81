import { decode, encode, octets, rest, u32, type ValueOf } from '../bytes/codec.ts';
import { messageType, messageTypes, signature } from './head.ts';
import { beforePayload, inPayload, message, text } from './payload.ts';
import { version } from './version.ts';

const name = 'AUTHENTICATE_MESSAGE';

/** AUTHENTICATE_MESSAGE ([MS-NLMP] 2.2.1.3): who logs on, the proof of it, and the session's key. */
const authenticateMessage = message(
  name,
  {
    signature,
    messageType: messageType('authenticate'),
    lmChallengeResponse: inPayload(rest),
    ntChallengeResponse: inPayload(rest),
    domainName: inPayload(text),
    userName: inPayload(text),
    workstation: inPayload(text),
    encryptedRandomSessionKey: inPayload(rest),
    negotiateFlags: u32,
    version: beforePayload(8, version),
    mic: beforePayload(16, octets(16)),
  },
  {
    order: [
      'domainName',
      'userName',
      'workstation',
      'lmChallengeResponse',
      'ntChallengeResponse',
      'encryptedRandomSessionKey',
    ],
    emptyAt: 'its place',
  },
);

export type AuthenticateMessage = Omit<ValueOf<typeof authenticateMessage>, 'signature' | 'messageType'>;

/** Where the MIC lies in a message that has one. */
export const micOffset = 72;

export function decodeAuthenticateMessage(bytes: Uint8Array): AuthenticateMessage {
  return decode(name, authenticateMessage, bytes);
}

export function encodeAuthenticateMessage(value: AuthenticateMessage): Uint8Array {
  return encode(authenticateMessage, { ...value, signature: null, messageType: messageTypes.authenticate });
}
