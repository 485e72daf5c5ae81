import type { Ndr } from './type.ts';

/** A unique pointer, which may be null: a referent id, and its referent behind what the pointer stands in (C706 14.3.11.2). */
export function unique<T>(referent: Ndr<T>): Ndr<T | null> {
  return {
    alignment: 4,
    read(from, put) {
      from.align(4);
      if (from.u32() === 0) return put(null);
      from.defer(() => referent.read(from, put));
    },
    write(to, value) {
      to.align(4);
      if (value === null) return to.u32(0);
      to.referent(() => referent.write(to, value));
    },
  };
}

/**
 * A reference pointer within another construct (C706 14.3.11.1): its id says nothing. A parameter that is one is declared as its
 * referent, which stands in the pointer's place.
 */
export function embeddedRef<T>(referent: Ndr<T>): Ndr<T> {
  return {
    alignment: 4,
    read(from, put) {
      from.align(4);
      from.skip(4);
      from.defer(() => referent.read(from, put));
    },
    write(to, value) {
      to.align(4);
      to.referent(() => referent.write(to, value));
    },
  };
}
