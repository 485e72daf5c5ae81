import { type Asn1Type, element, readElement, writeElement } from '../asn1/element.ts';
import { objectIdentifier } from '../asn1/object-identifier.ts';
import { explicit } from '../asn1/sequence.ts';
import type { Codec } from '../bytes/codec.ts';

/** SPNEGO's own object identifier (RFC 4178, section 1). */
const spnego = '1.3.6.1.5.5.2';

/** InitialContextToken (RFC 2743, section 3.1) around the first choice of NegotiationToken (RFC 4178, section 4.2). */
export function initialToken<T>(negTokenInit: Asn1Type<T>): Codec<T> {
  const choice = explicit(0, negTokenInit);
  return element({
    tag: 0x60,
    read(from, end) {
      const thisMech = readElement(objectIdentifier, from, end);
      if (thisMech !== spnego) throw from.wrong(`is a token of ${thisMech}, where SPNEGO must be`);
      return readElement(choice, from, end);
    },
    write(to, value) {
      writeElement(objectIdentifier, to, spnego);
      writeElement(choice, to, value);
    },
  });
}
