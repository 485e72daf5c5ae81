import { type Codec, decode, encode } from '../bytes/codec.ts';
import type { Reader } from '../bytes/reader.ts';
import { fromUtf16, utf16 } from '../bytes/utf16.ts';
import type { Writer } from '../bytes/writer.ts';

/** A field whose value lies in the payload: in its place are a length, a maximum length and an offset. */
export interface InPayload<T> {
  readonly inPayload: Codec<T>;
}

/** A field that older senders leave out: it is null where the payload begins before it would end. */
export interface BeforePayload<T> {
  readonly beforePayload: Codec<T>;
  readonly size: number;
}

type Field<T> = Codec<T> | InPayload<T> | BeforePayload<T>;

export function inPayload<T>(codec: Codec<T>): InPayload<T> {
  return { inPayload: codec };
}

export function beforePayload<T>(size: number, codec: Codec<T>): BeforePayload<T | null> {
  return {
    size,
    beforePayload: {
      read: (from) => codec.read(from),
      write: (to, value) => {
        if (value !== null) codec.write(to, value);
      },
    },
  };
}

/** Text in UTF-16LE that fills its place. */
export const text: Codec<string> = {
  read(from) {
    if (from.left % 2 === 1) throw from.wrong(`is text of ${from.left} bytes, an odd number`);
    return fromUtf16(from.take(from.left));
  },
  write: (to, value) => to.put(utf16(value)),
};

export interface PayloadLayout<Name> {
  /** The fields whose values lie in the payload, in the order in which they are written. */
  readonly order: readonly Name[];
  /** Where an empty one points to: where it would be, or nowhere. */
  readonly emptyAt: 'its place' | 'zero';
}

/**
 * A message of [MS-NLMP] 2.2.1: a head of fixed fields, and behind it a payload that some of them point into. The values
 * may lie there in any order and overlap.
 */
export function message<T extends object>(
  name: string,
  fields: { readonly [Name in keyof T]: Field<T[Name]> },
  layout: PayloadLayout<keyof T & string>,
): Codec<Readonly<T>> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    read(from) {
      const value: Partial<T> = {};
      let payloadAt = from.bytes.length;
      for (const field of names) {
        value[field] = from.within(field, () => {
          const how = fields[field];
          if ('read' in how) return how.read(from);
          if ('size' in how)
            return (from.at + how.size <= payloadAt ? how.beforePayload.read(from) : null) as T[typeof field];
          const { bytes, at } = readPointer(from);
          if (bytes.length > 0) payloadAt = Math.min(payloadAt, at);
          return decode(`${name} ${field}`, how.inPayload, bytes);
        });
      }
      from.seek(from.bytes.length);
      return value as T;
    },
    write(to, value) {
      const base = to.at;
      const pointers = new Map<string, number>();
      for (const field of names) {
        const how = fields[field];
        if ('read' in how) how.write(to, value[field]);
        else if ('size' in how) how.beforePayload.write(to, value[field]);
        else {
          pointers.set(field, to.at);
          to.zeros(8);
        }
      }
      for (const field of layout.order) {
        const how = fields[field];
        const pointer = pointers.get(field);
        if (!('inPayload' in how) || pointer === undefined) throw new TypeError(`${name} ${field} has no pointer`);
        const bytes = encode(how.inPayload, value[field]);
        writePointer(to, pointer, bytes.length, bytes.length === 0 && layout.emptyAt === 'zero' ? 0 : to.at - base);
        to.put(bytes);
      }
    },
  };
}

function readPointer(from: Reader): { readonly bytes: Uint8Array; readonly at: number } {
  const length = from.u16();
  from.skip(2);
  const at = from.u32();
  if (length === 0) return { bytes: new Uint8Array(), at };
  const next = from.at;
  from.seek(at);
  const bytes = from.take(length);
  from.seek(next);
  return { bytes, at };
}

function writePointer(to: Writer, pointer: number, length: number, at: number): void {
  if (length > 0xffff) throw new RangeError(`${length} bytes in an NTLM message`);
  to.patch16(pointer, length);
  to.patch16(pointer + 2, length);
  to.patch32(pointer + 4, at);
}
