import { bitString, generalString, octetString } from '../asn1/primitives.ts';
import { optional, sequence } from '../asn1/sequence.ts';
import { decode, encode, type ValueOf } from '../bytes/codec.ts';
import { initialToken } from './initial-token.ts';
import { mechTypeList } from './mech-types.ts';

/** NegTokenInit2 ([MS-SPNG] 2.2.1): the mechanisms of an acceptor, told before the initiator has said anything. */
const negTokenInit2 = initialToken(
  sequence({
    mechTypes: optional(0, mechTypeList),
    reqFlags: optional(1, bitString),
    mechToken: optional(2, octetString),
    negHints: optional(3, sequence({ hintName: optional(0, generalString), hintAddress: optional(1, octetString) })),
    mechListMIC: optional(4, octetString),
  }),
);

export type NegTokenInit2 = ValueOf<typeof negTokenInit2>;

/** What every acceptor says as its hint ([MS-SPNG] 2.2.1). */
export const hintName = 'not_defined_in_RFC4178@please_ignore';

export function decodeNegTokenInit2(bytes: Uint8Array): NegTokenInit2 {
  return decode('NegTokenInit2', negTokenInit2, bytes);
}

export function encodeNegTokenInit2(value: NegTokenInit2): Uint8Array {
  return encode(negTokenInit2, value);
}
