import { u32 } from './primitives.ts';
import type { StubReader, StubWriter } from './stub.ts';
import {
  type Conformant,
  conformantType,
  type Immediate,
  immediate,
  immediateOf,
  isConformant,
  type Ndr,
  type ValueOf,
} from './type.ts';

/** A field that no caller sees. */
export interface Hidden {
  readonly hidden: true;
  readonly type: Immediate<number>;
  /** The array whose elements it counts; null where it means nothing. */
  readonly counts: string | null;
}

export type Members = Readonly<Record<string, Ndr<unknown> | Hidden>>;

/** What members declare: all but the hidden ones. */
export type Fields<D> = { readonly [Name in keyof D as D[Name] extends Hidden ? never : Name]: ValueOf<D[Name]> };

/** The `size_is` or `length_is` of a field beside it: as many as that has elements, 0 where that is null. */
export function countOf(field: string, type: Immediate<number> = u32): Hidden {
  return { hidden: true, type, counts: field };
}

/** A field that is sent as zero and ignored when it comes. */
export function spare(type: Immediate<number>): Hidden {
  return { hidden: true, type, counts: null };
}

/** Fields one after the other. With a conformant array at its end, the array's count stands in front of all (C706 14.3.6, 14.3.7). */
export function struct<D extends Readonly<Record<string, Immediate<unknown>>>>(declared: D): Immediate<Fields<D>>;
export function struct<D extends Members>(declared: D): Ndr<Fields<D>>;
export function struct<D extends Members>(declared: D): Ndr<Fields<D>> {
  const members = membersOf(declared);
  if (members.slice(0, -1).some(({ type }) => isConformant(type))) {
    throw new TypeError('a conformant array is the last field, or behind a pointer');
  }
  const alignment = Math.max(1, ...members.map(({ type }) => type.alignment));
  const last = members.at(-1);
  if (last !== undefined && !last.isHidden && isConformant(last.type)) {
    return conformantStruct(alignment, members.slice(0, -1), { ...last, type: last.type });
  }
  const blank = blankOf(members);
  const take = (from: StubReader): Fields<D> => {
    from.align(alignment);
    const reading = new Reading(from, blank);
    for (const member of members) reading.read(member);
    return reading.value as Fields<D>;
  };
  const write = (to: StubWriter, value: Fields<D>): void => {
    to.align(alignment);
    for (const member of members) writeMember(to, member, value);
  };
  const parts = { alignment, take, write };
  if (members.every(({ direct }) => direct !== null)) return immediate(parts);
  return { alignment, write, read: (from, put) => put(take(from)) };
}

/** A field as it is read and written. */
interface Member<N extends Ndr<unknown> = Ndr<unknown>> {
  readonly name: string;
  readonly type: N;
  /** The type where it is read at once. */
  readonly direct: Immediate<unknown> | null;
  readonly isHidden: boolean;
  /** Of a hidden field: the array whose elements it counts. */
  readonly counts: string | null;
  /** Whether a hidden field counts its elements. */
  readonly isCounted: boolean;
}

function membersOf(declared: Members): readonly Member[] {
  const entries = Object.entries<Ndr<unknown> | Hidden>(declared);
  const counted = new Set(entries.flatMap(([, member]) => ('hidden' in member ? (member.counts ?? []) : [])));
  for (const name of counted) if (!Object.hasOwn(declared, name)) throw new TypeError(`nothing is called ${name}`);
  return entries.map(([name, member]) => {
    const isHidden = 'hidden' in member;
    const type: Ndr<unknown> = isHidden ? member.type : member;
    const counts = isHidden ? member.counts : null;
    return { name, type, direct: immediateOf(type), isHidden, counts, isCounted: counted.has(name) };
  });
}

function conformantStruct<T>(
  alignment: number,
  members: readonly Member[],
  last: Member<Conformant<unknown>>,
): Conformant<T> {
  const { type: array } = last;
  const arrayOf = (value: T): unknown => (value as Values)[last.name];
  const blank = blankOf([...members, last]);
  return conformantType({
    alignment,
    most: array.most,
    maximum: (value) => array.maximum(arrayOf(value)),
    readSized(from, maximum, put) {
      from.align(alignment);
      const reading = new Reading(from, blank);
      for (const member of members) reading.read(member);
      reading.readAs(last, (one) => array.readSized(from, maximum, one));
      put(reading.value as T);
    },
    writeSized(to, value) {
      to.align(alignment);
      for (const member of members) writeMember(to, member, value);
      array.writeSized(to, arrayOf(value));
    },
  });
}

/** The parameters of a call one after the other: each is followed by what its pointers point to. */
export function parameters<D extends Members>(declared: D): Ndr<Fields<D>> {
  const members = membersOf(declared);
  const blank = blankOf(members);
  return {
    alignment: 1,
    read(from, put) {
      const reading = new Reading(from, blank);
      for (const member of members) {
        if (member.direct !== null) reading.read(member);
        else reading.readAs(member, (one) => from.construct(() => member.type.read(from, one)));
      }
      put(reading.value as Fields<D>);
    },
    write(to, value) {
      for (const member of members) {
        if (member.direct !== null) writeMember(to, member, value);
        else to.construct(() => writeMember(to, member, value));
      }
    },
  };
}

type Values = Readonly<Record<string, unknown>>;

function blankOf(members: readonly Member[]): Values {
  const shown = members.filter(({ isHidden }) => !isHidden);
  return Object.fromEntries(shown.map(({ name }) => [name, undefined]));
}

/** The fields of a value that is being read: those behind pointers come later. */
class Reading {
  readonly value: Record<string, unknown>;
  readonly #from: StubReader;
  #counts: Record<string, number> | null = null;

  /** @param blank all fields, of which nothing is known yet: a copy of it is made faster than field after field is added. */
  constructor(from: StubReader, blank: Values) {
    this.value = { ...blank };
    this.#from = from;
  }

  read(member: Member): void {
    const { name, type, direct, isHidden, isCounted } = member;
    if (direct === null) return this.readAs(member, (put) => type.read(this.#from, put));
    this.#from.enter(name);
    const one = direct.take(this.#from);
    if (isHidden) this.#count(member.counts, one as number);
    else {
      this.value[name] = one;
      if (isCounted) this.#compare(name);
    }
    this.#from.leave();
  }

  /** A field that may be put into its place later. */
  readAs({ name, isCounted }: Member, read: (put: (one: unknown) => void) => void): void {
    this.#from.enter(name);
    read((one) => {
      this.value[name] = one;
      if (isCounted) this.#compare(name);
    });
    this.#from.leave();
  }

  #count(array: string | null, count: number): void {
    if (array === null) return;
    this.#counts ??= {};
    this.#counts[array] = count;
    this.#compare(array);
  }

  #compare(array: string): void {
    const count = this.#counts?.[array];
    const elements = this.value[array];
    if (count === undefined || elements === undefined || elements === null) return;
    const length = lengthOf(elements);
    if (length !== count) throw this.#from.wrong(`has ${length} elements, where ${count} are counted`);
  }
}

function writeMember(to: StubWriter, { name, type, isHidden, counts }: Member, value: unknown): void {
  const values = value as Values;
  if (!isHidden) type.write(to, values[name]);
  else type.write(to, counts === null ? 0 : lengthOf(values[counts]));
}

function lengthOf(elements: unknown): number {
  return elements === null ? 0 : (elements as ArrayLike<unknown>).length;
}
