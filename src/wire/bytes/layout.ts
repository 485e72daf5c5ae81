import type { Codec } from './codec.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** A field that stands in two places: its offset, length or count among the others, and its contents behind them. */
export interface Split<T> {
  readonly split: true;
  read(from: Reader): (from: Reader) => T;
  write(to: Writer, value: T): (to: Writer) => void;
}

/** A field that no caller sees: a size, a signature, a reserved zero. */
export interface Hidden {
  readonly hidden: true;
  read(from: Reader): void;
  write(to: Writer): void;
}

type Field = Codec<unknown> | Split<unknown> | Hidden;

type ValueOfField<F> = F extends Split<infer T> ? T : F extends Codec<infer T> ? T : never;

/** What a layout declares: its fields but the hidden ones. */
export type Fields<D> = { readonly [Name in keyof D as D[Name] extends Hidden ? never : Name]: ValueOfField<D[Name]> };

/** Fields one after the other, and then the contents of those that are split, in the same order. */
export function layout<D extends Readonly<Record<string, Field>>>(declared: D): Codec<Fields<D>> {
  const fields = Object.entries<Field>(declared);
  return {
    read(from) {
      const value: Record<string, unknown> = {};
      const contents: (() => void)[] = [];
      for (const [name, field] of fields) {
        from.within(name, () => {
          if ('hidden' in field) return field.read(from);
          if (!('split' in field)) {
            value[name] = field.read(from);
            return;
          }
          const readContents = field.read(from);
          value[name] = undefined;
          contents.push(() => {
            value[name] = from.within(name, () => readContents(from));
          });
        });
      }
      for (const read of contents) read();
      return value as Fields<D>;
    },
    write(to, value) {
      const values = value as Readonly<Record<string, unknown>>;
      const contents: ((to: Writer) => void)[] = [];
      for (const [name, field] of fields) {
        if ('hidden' in field) field.write(to);
        else if ('split' in field) contents.push(field.write(to, values[name]));
        else field.write(to, values[name]);
      }
      for (const write of contents) write(to);
    },
  };
}

/** A number that is always this. What comes in its place is refused. */
export function fixed(codec: Codec<number>, value: number): Hidden {
  return {
    hidden: true,
    read(from) {
      const read = codec.read(from);
      if (read !== value) throw from.wrong(`is ${read}, where ${value} must be`);
    },
    write: (to) => codec.write(to, value),
  };
}

/** Bytes that are sent as zero and ignored when they come. */
export function unused(count: number): Hidden {
  return { hidden: true, read: (from) => from.skip(count), write: (to) => to.zeros(count) };
}
