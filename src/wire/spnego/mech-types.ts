import { element } from '../asn1/element.ts';
import { objectIdentifier } from '../asn1/object-identifier.ts';
import { sequenceOf } from '../asn1/sequence.ts';
import { encode } from '../bytes/codec.ts';

/** MechTypeList (RFC 4178, section 4.1), with a limit. */
export const mechTypeList = sequenceOf(objectIdentifier, 32);

/** What a mechListMIC is of (RFC 4178, section 5): the list as it was sent, which DER lets be only this. */
export function mechTypesDer(mechTypes: readonly string[]): Uint8Array {
  return encode(element(mechTypeList), mechTypes);
}
