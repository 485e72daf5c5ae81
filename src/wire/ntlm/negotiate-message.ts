import { decode, encode, rest, u32, type ValueOf } from '../bytes/codec.ts';
import { messageType, messageTypes, signature } from './head.ts';
import { beforePayload, inPayload, message } from './payload.ts';
import { version } from './version.ts';

const name = 'NEGOTIATE_MESSAGE';

/** NEGOTIATE_MESSAGE ([MS-NLMP] 2.2.1.1): what the client can. Its names are in the client's OEM character set. */
const negotiateMessage = message(
  name,
  {
    signature,
    messageType: messageType('negotiate'),
    negotiateFlags: u32,
    domainName: inPayload(rest),
    workstationName: inPayload(rest),
    version: beforePayload(8, version),
  },
  { order: ['domainName', 'workstationName'], emptyAt: 'zero' },
);

export type NegotiateMessage = Omit<ValueOf<typeof negotiateMessage>, 'signature' | 'messageType'>;

export function decodeNegotiateMessage(bytes: Uint8Array): NegotiateMessage {
  return decode(name, negotiateMessage, bytes);
}

export function encodeNegotiateMessage(value: NegotiateMessage): Uint8Array {
  return encode(negotiateMessage, { ...value, signature: null, messageType: messageTypes.negotiate });
}
