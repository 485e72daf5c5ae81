import { Reader } from './reader.ts';
import { copied } from './room.ts';
import { Writer } from './writer.ts';

/** How a value travels. Reading what was written gives the same value. */
export interface Codec<T> {
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
}

/** The type of what a declaration declares. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

export const u8: Codec<number> = { read: (from) => from.u8(), write: (to, value) => to.u8(value) };
export const u16: Codec<number> = { read: (from) => from.u16(), write: (to, value) => to.u16(value) };
export const u32: Codec<number> = { read: (from) => from.u32(), write: (to, value) => to.u32(value) };
export const i32: Codec<number> = { read: (from) => from.i32(), write: (to, value) => to.i32(value) };
export const u64: Codec<bigint> = { read: (from) => from.u64(), write: (to, value) => to.u64(value) };
export const i64: Codec<bigint> = { read: (from) => from.i64(), write: (to, value) => to.i64(value) };

/** So many bytes, copied. */
export function octets(count: number): Codec<Uint8Array> {
  return {
    read: (from) => from.take(count).slice(),
    write(to, value) {
      if (value.length !== count) throw new RangeError(`${value.length} bytes for a field of ${count}`);
      to.put(value);
    },
  };
}

/** Everything that is left, copied. */
export const rest: Codec<Uint8Array> = {
  read: (from) => copied(from.take(from.left)),
  write: (to, value) => to.put(value),
};

/** A field that is always this, such as a signature or a reserved zero. What comes in its place is refused. */
export function constant(codec: Codec<number>, value: number): Codec<number> {
  return {
    read(from) {
      const read = codec.read(from);
      if (read !== value) throw from.wrong(`is ${read}, where ${value} must be`);
      return read;
    },
    write: (to) => codec.write(to, value),
  };
}

/** A field that is sent as zero and ignored when it comes. */
export function reserved(count: number): Codec<null> {
  return {
    read(from) {
      from.skip(count);
      return null;
    },
    write: (to) => to.zeros(count),
  };
}

/** Fields one after the other, by their names; the message's TypeScript type comes from them. */
export function struct<T extends object>(fields: { readonly [Name in keyof T]: Codec<T[Name]> }): Codec<Readonly<T>> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    read(from) {
      const value: Partial<T> = {};
      for (const name of names) {
        from.enter(name);
        value[name] = fields[name].read(from);
        from.leave();
      }
      return value as T;
    },
    write(to, value) {
      for (const name of names) fields[name].write(to, value[name]);
    },
  };
}

/** A whole message of this name, with nothing after it. Throws `UsherError` `bad_answer`. */
export function decode<T>(name: string, codec: Codec<T>, bytes: Uint8Array): T {
  const reader = new Reader(name, bytes);
  const value = codec.read(reader);
  reader.end();
  return value;
}

export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.finish();
}
