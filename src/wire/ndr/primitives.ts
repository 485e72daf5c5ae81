import type { Codec } from '../bytes/codec.ts';
import { type Fixed, fixed } from './type.ts';

/** A primitive type, aligned to its size where nothing else is said (C706 14.2.2). */
export function primitive<T>(size: number, codec: Codec<T>, alignment = size): Fixed<T> {
  return fixed({
    alignment,
    size,
    take(from) {
      from.align(alignment);
      return codec.read(from);
    },
    write(to, value) {
      to.align(alignment);
      codec.write(to, value);
    },
  });
}

export const u8 = primitive<number>(1, { read: (from) => from.u8(), write: (to, value) => to.u8(value) });
export const u16 = primitive<number>(2, { read: (from) => from.u16(), write: (to, value) => to.u16(value) });
export const u32 = primitive<number>(4, { read: (from) => from.u32(), write: (to, value) => to.u32(value) });
export const i32 = primitive<number>(4, { read: (from) => from.i32(), write: (to, value) => to.i32(value) });

/** A `hyper` or LARGE_INTEGER: signed. As a time it counts 100 ns from the beginning of 1601, UTC. */
export const hyper = primitive<bigint>(8, { read: (from) => from.i64(), write: (to, value) => to.i64(value) });

/** A FILETIME (MS-DTYP 2.3.3): two numbers of 32 bits, and aligned like them. 100 ns from the beginning of 1601, UTC. */
export const fileTime = primitive<bigint>(8, { read: (from) => from.u64(), write: (to, value) => to.u64(value) }, 4);

/** An `enum`: 16 bits (C706 14.2.5). */
export const enum16 = u16;

/** A `boolean` or BOOLEAN: one byte (C706 14.2.4). */
export const boolean = primitive<boolean>(1, {
  read: (from) => from.u8() !== 0,
  write: (to, value) => to.u8(value ? 1 : 0),
});

/** A BOOL of Windows: four bytes (MS-DTYP 2.2.3). */
export const bool32 = primitive<boolean>(4, {
  read: (from) => from.u32() !== 0,
  write: (to, value) => to.u32(value ? 1 : 0),
});
