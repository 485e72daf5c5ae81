import type { Asn1Type } from './element.ts';

function bytesOf(tag: number): Asn1Type<Uint8Array> {
  return { tag, read: (from, end) => from.take(end - from.at).slice(), write: (to, value) => to.put(value) };
}

export const octetString: Asn1Type<Uint8Array> = bytesOf(0x04);

/** BIT STRING as it is encoded: how many bits of the last byte are unused, then the bytes. */
export const bitString: Asn1Type<Uint8Array> = bytesOf(0x03);

/** GeneralString, each byte a character of ISO 8859-1. */
export const generalString: Asn1Type<string> = {
  tag: 0x1b,
  read: (from, end) => Buffer.from(from.take(end - from.at)).toString('latin1'),
  write: (to, value) => to.put(Buffer.from(value, 'latin1')),
};

/** ENUMERATED with these names for 0, 1, 2 and so on. */
export function enumerated<const Names extends readonly string[]>(names: Names): Asn1Type<Names[number]> {
  return {
    tag: 0x0a,
    read(from, end) {
      const size = end - from.at;
      const value = size === 1 ? from.u8() : null;
      const name = value === null ? undefined : names[value];
      if (name === undefined) throw from.wrong(value === null ? `is a number of ${size} bytes` : `is ${value}`);
      return name;
    },
    write: (to, value) => to.u8(names.indexOf(value)),
  };
}
