import type { Reader } from '../bytes/reader.ts';
import type { Writer } from '../bytes/writer.ts';
import { type Asn1Type, nextTag, readElement, skipElement, writeElement } from './element.ts';

/** One component of a SEQUENCE, found by its tag. */
export interface Component<T> {
  readonly tag: number;
  readonly required: boolean;
  read(from: Reader, end: number): T;
  write(to: Writer, value: T): void;
}

/** `[n] Type`, explicitly tagged. */
export function explicit<T>(number: number, type: Asn1Type<T>): Asn1Type<T> {
  return {
    tag: 0xa0 | number,
    read: (from, end) => readElement(type, from, end),
    write: (to, value) => writeElement(type, to, value),
  };
}

/** A component that must be there. */
export function required<T>(number: number, type: Asn1Type<T>): Component<T> {
  const tagged = explicit(number, type);
  return {
    tag: tagged.tag,
    required: true,
    read: (from, end) => readElement(tagged, from, end),
    write: (to, value) => writeElement(tagged, to, value),
  };
}

/** A component that may be missing, which is null. */
export function optional<T>(number: number, type: Asn1Type<T>): Component<T | null> {
  const present = required(number, type);
  return {
    tag: present.tag,
    required: false,
    read: (from, end) => present.read(from, end),
    write: (to, value) => {
      if (value !== null) present.write(to, value);
    },
  };
}

/** SEQUENCE of these components, in this order; what later versions add behind them is skipped. */
export function sequence<T extends object>(
  components: {
    readonly [Name in keyof T]: Component<T[Name]>;
  },
): Asn1Type<Readonly<T>> {
  const names = Object.keys(components) as (keyof T & string)[];
  const lastTag = Math.max(...names.map((name) => components[name].tag));
  return {
    tag: 0x30,
    read(from, end) {
      const value: Partial<T> = {};
      for (const name of names) {
        const component = components[name];
        value[name] = from.within(name, () => {
          if (component.required || nextTag(from, end) === component.tag) return component.read(from, end);
          return null as T[typeof name];
        });
      }
      for (let tag = nextTag(from, end); tag !== null; tag = nextTag(from, end)) {
        if (tag <= lastTag) throw from.wrong(`has the tag ${tag} out of its order`);
        skipElement(from, end);
      }
      return value as T;
    },
    write(to, value) {
      for (const name of names) components[name].write(to, value[name]);
    },
  };
}

/** SEQUENCE OF, with no more than so many. */
export function sequenceOf<T>(type: Asn1Type<T>, most: number): Asn1Type<readonly T[]> {
  return {
    tag: 0x30,
    read(from, end) {
      const values: T[] = [];
      while (from.at < end) {
        if (values.length === most) throw from.wrong(`has more than ${most} items`);
        values.push(readElement(type, from, end));
      }
      return values;
    },
    write: (to, values) => {
      for (const value of values) writeElement(type, to, value);
    },
  };
}
