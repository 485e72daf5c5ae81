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
  const fields = Object.entries<Field>(declared).map(([name, field]) => sorted(name, field));
  return {
    read(from) {
      const value: Record<string, unknown> = {};
      const contents: Contents[] = [];
      for (const { name, hidden, split, plain } of fields) {
        from.enter(name);
        if (plain !== null) value[name] = plain.read(from);
        else if (hidden !== null) hidden.read(from);
        else if (split !== null) {
          contents.push({ name, read: split.read(from) });
          value[name] = undefined;
        }
        from.leave();
      }
      for (const { name, read } of contents) {
        from.enter(name);
        value[name] = read(from);
        from.leave();
      }
      return value as Fields<D>;
    },
    write(to, value) {
      const values = value as Readonly<Record<string, unknown>>;
      const contents: ((to: Writer) => void)[] = [];
      for (const { name, hidden, split, plain } of fields) {
        if (plain !== null) plain.write(to, values[name]);
        else if (hidden !== null) hidden.write(to);
        else if (split !== null) contents.push(split.write(to, values[name]));
      }
      for (const write of contents) write(to);
    },
  };
}

/** A field as one of what it can be: what that is, is asked once and not of every message. */
interface Sorted {
  readonly name: string;
  readonly hidden: Hidden | null;
  readonly split: Split<unknown> | null;
  readonly plain: Codec<unknown> | null;
}

function sorted(name: string, field: Field): Sorted {
  const none = { name, hidden: null, split: null, plain: null };
  if ('hidden' in field) return { ...none, hidden: field };
  return 'split' in field ? { ...none, split: field } : { ...none, plain: field };
}

/** What is left to be read of a split field. */
interface Contents {
  readonly name: string;
  readonly read: (from: Reader) => unknown;
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
