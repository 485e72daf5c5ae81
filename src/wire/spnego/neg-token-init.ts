import { bitString, octetString } from '../asn1/primitives.ts';
import { optional, required, sequence } from '../asn1/sequence.ts';
import { decode, encode, type ValueOf } from '../bytes/codec.ts';
import { initialToken } from './initial-token.ts';
import { mechTypeList } from './mech-types.ts';

/** NegTokenInit (RFC 4178, section 4.2.1): the mechanisms of the initiator, and the first token of the one it likes best. */
const negTokenInit = initialToken(
  sequence({
    mechTypes: required(0, mechTypeList),
    reqFlags: optional(1, bitString),
    mechToken: optional(2, octetString),
    mechListMIC: optional(3, octetString),
  }),
);

export type NegTokenInit = ValueOf<typeof negTokenInit>;

export function decodeNegTokenInit(bytes: Uint8Array): NegTokenInit {
  return decode('NegTokenInit', negTokenInit, bytes);
}

export function encodeNegTokenInit(value: NegTokenInit): Uint8Array {
  return encode(negTokenInit, value);
}
