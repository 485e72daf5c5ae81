import { u32 } from './primitives.ts';
import type { StubReader, StubWriter } from './stub.ts';
import { type Conformant, conformantType, isConformant, type Ndr, type ValueOf } from './type.ts';

/** A field that no caller sees. */
export interface Hidden {
  readonly hidden: true;
  readonly type: Ndr<number>;
  /** The array whose elements it counts; null where it means nothing. */
  readonly counts: string | null;
}

export type Members = Readonly<Record<string, Ndr<unknown> | Hidden>>;

/** What members declare: all but the hidden ones. */
export type Fields<D> = { readonly [Name in keyof D as D[Name] extends Hidden ? never : Name]: ValueOf<D[Name]> };

/** The `size_is` or `length_is` of a field beside it: as many as that has elements, 0 where that is null. */
export function countOf(field: string, type: Ndr<number> = u32): Hidden {
  return { hidden: true, type, counts: field };
}

/** A field that is sent as zero and ignored when it comes. */
export function spare(type: Ndr<number>): Hidden {
  return { hidden: true, type, counts: null };
}

/** Fields one after the other. With a conformant array at its end, the array's count stands in front of all (C706 14.3.6, 14.3.7). */
export function struct<D extends Members>(declared: D): Ndr<Fields<D>> {
  const members = Object.entries<Ndr<unknown> | Hidden>(declared);
  checkCounts(declared);
  if (members.slice(0, -1).some(([, member]) => isConformant(typeOf(member)))) {
    throw new TypeError('a conformant array is the last field, or behind a pointer');
  }
  const alignment = Math.max(1, ...members.map(([, member]) => typeOf(member).alignment));
  const last = members.at(-1)?.[1];
  const array = last !== undefined && !('hidden' in last) && isConformant(last) ? last : null;
  const plain: Ndr<Fields<D>> = {
    alignment,
    read(from, put) {
      from.align(alignment);
      put(readMembers(from, members, (type, one) => type.read(from, one)) as Fields<D>);
    },
    write(to, value) {
      to.align(alignment);
      writeMembers(to, members, value, (type, one) => type.write(to, one));
    },
  };
  return array === null ? plain : conformantStruct(alignment, members, array);
}

type Entries = readonly (readonly [name: string, member: Ndr<unknown> | Hidden])[];

function conformantStruct<T>(alignment: number, members: Entries, array: Conformant<unknown>): Conformant<T> {
  const name = members.at(-1)?.[0] ?? '';
  const arrayOf = (value: T): unknown => (value as Readonly<Record<string, unknown>>)[name];
  const readSized = (from: StubReader, maximum: number, put: (value: T) => void): void => {
    from.align(alignment);
    const read: ReadField = (type, one, field) =>
      field === name ? array.readSized(from, maximum, one) : type.read(from, one);
    put(readMembers(from, members, read) as T);
  };
  const writeSized = (to: StubWriter, value: T): void => {
    to.align(alignment);
    writeMembers(to, members, value, (type, one, field) =>
      field === name ? array.writeSized(to, one) : type.write(to, one),
    );
  };
  return conformantType({
    alignment,
    most: array.most,
    maximum: (value) => array.maximum(arrayOf(value)),
    readSized,
    writeSized,
  });
}

/** The parameters of a call one after the other: each is followed by what its pointers point to. */
export function parameters<D extends Members>(declared: D): Ndr<Fields<D>> {
  const members = Object.entries<Ndr<unknown> | Hidden>(declared);
  checkCounts(declared);
  return {
    alignment: 1,
    read(from, put) {
      put(readMembers(from, members, (type, one) => from.construct(() => type.read(from, one))) as Fields<D>);
    },
    write(to, value) {
      writeMembers(to, members, value, (type, one) => to.construct(() => type.write(to, one)));
    },
  };
}

type Values = Readonly<Record<string, unknown>>;

type ReadField = (type: Ndr<unknown>, put: (value: unknown) => void, name: string) => void;
type WriteField = (type: Ndr<unknown>, value: unknown, name: string) => void;

function readMembers(from: StubReader, members: Entries, read: ReadField): Values {
  const value: Record<string, unknown> = {};
  const counts: Record<string, number> = {};
  const compare = (array: string): void => {
    const count = counts[array];
    const elements = value[array];
    if (count === undefined || elements === undefined || elements === null) return;
    const length = lengthOf(elements);
    if (length !== count) throw from.wrong(`has ${length} elements, where ${count} are counted`);
  };
  for (const [name, member] of members) {
    from.within(name, () => {
      if (!('hidden' in member)) {
        const put = (one: unknown): void => {
          value[name] = one;
          compare(name);
        };
        return read(member, put, name);
      }
      const { counts: array } = member;
      member.type.read(from, (count) => {
        if (array === null) return;
        counts[array] = count;
        compare(array);
      });
    });
  }
  return value;
}

function writeMembers(to: StubWriter, members: Entries, value: unknown, write: WriteField): void {
  const values = value as Values;
  for (const [name, member] of members) {
    if ('hidden' in member) member.type.write(to, member.counts === null ? 0 : lengthOf(values[member.counts]));
    else write(member, values[name], name);
  }
}

function lengthOf(elements: unknown): number {
  return elements === null ? 0 : (elements as ArrayLike<unknown>).length;
}

function typeOf(member: Ndr<unknown> | Hidden): Ndr<unknown> {
  return 'hidden' in member ? member.type : member;
}

function checkCounts(declared: Members): void {
  for (const member of Object.values(declared)) {
    if ('hidden' in member && member.counts !== null && !Object.hasOwn(declared, member.counts)) {
      throw new TypeError(`nothing is called ${member.counts}`);
    }
  }
}
