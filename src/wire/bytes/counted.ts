import type { Codec } from './codec.ts';
import type { Split } from './layout.ts';
import { copied } from './room.ts';
import type { Writer } from './writer.ts';

/** Bytes that follow right behind the fixed fields, or behind those that came before. */
export function sized(length: Codec<number>): Split<Uint8Array> {
  return {
    split: true,
    read(from) {
      const size = length.read(from);
      return () => copied(from.take(size));
    },
    write(to, value) {
      writeSize(to, length, value.length);
      return () => to.put(value);
    },
  };
}

/** Elements that follow right behind the fixed fields, or behind those that came before. */
export function counted<T>(count: Codec<number>, element: Codec<T>): Split<readonly T[]> {
  return {
    split: true,
    read(from) {
      const elements = count.read(from);
      return () => {
        const values: T[] = [];
        for (let at = 0; at < elements; at++) values.push(element.read(from));
        return values;
      };
    },
    write(to, values) {
      writeSize(to, count, values.length);
      return () => {
        for (const value of values) element.write(to, value);
      };
    },
  };
}

/** A length or a count, which its field can hold. */
export function writeSize(to: Writer, codec: Codec<number>, value: number): void {
  const at = to.at;
  codec.write(to, value);
  const bytes = to.at - at;
  if (value >= 2 ** (8 * bytes)) throw new RangeError(`a length of ${value} in ${bytes} bytes`);
}
