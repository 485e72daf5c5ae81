import { element } from '../asn1/element.ts';
import { objectIdentifier } from '../asn1/object-identifier.ts';
import { enumerated, octetString } from '../asn1/primitives.ts';
import { explicit, optional, sequence } from '../asn1/sequence.ts';
import { decode, encode, type ValueOf } from '../bytes/codec.ts';

/** NegTokenResp (RFC 4178, section 4.2.2): every token but the first, of both sides. */
const negTokenResp = element(
  explicit(
    1,
    sequence({
      negState: optional(0, enumerated(['accept-completed', 'accept-incomplete', 'reject', 'request-mic'])),
      supportedMech: optional(1, objectIdentifier),
      responseToken: optional(2, octetString),
      mechListMIC: optional(3, octetString),
    }),
  ),
);

export type NegTokenResp = ValueOf<typeof negTokenResp>;

export function decodeNegTokenResp(bytes: Uint8Array): NegTokenResp {
  return decode('NegTokenResp', negTokenResp, bytes);
}

export function encodeNegTokenResp(value: Partial<NegTokenResp>): Uint8Array {
  return encode(negTokenResp, {
    negState: null,
    supportedMech: null,
    responseToken: null,
    mechListMIC: null,
    ...value,
  });
}
