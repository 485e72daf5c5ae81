import type { StubReader, StubWriter } from './stub.ts';
import { varyingCount } from './text.ts';
import { type Conformant, conformantType, type Fixed, fixed, type Immediate, immediateOf, type Ndr } from './type.ts';

export interface Limit {
  /** The most elements that are taken and sent. */
  readonly most: number;
}

/** BYTE[count]. */
export function bytes(count: number): Fixed<Uint8Array> {
  return fixed({
    alignment: 1,
    size: count,
    take: (from) => from.take(count).slice(),
    write(to, value) {
      if (value.length !== count) throw new RangeError(`${value.length} bytes for a field of ${count}`);
      to.put(value);
    },
  });
}

/** An array of always as many elements (C706 14.3.3.1). */
export function fixedArray<T>(element: Fixed<T>, count: number): Fixed<readonly T[]> {
  return fixed({
    alignment: element.alignment,
    size: count * element.size,
    take: (from) => takeElements(from, element, count),
    write(to, values) {
      if (values.length !== count) throw new RangeError(`${values.length} elements for a field of ${count}`);
      writeElements(to, element, values);
    },
  });
}

/** A conformant array of bytes. */
export function conformantBytes({ most }: Limit): Conformant<Uint8Array> {
  return conformantType({
    alignment: 1,
    most,
    maximum: (value) => value.length,
    readSized: (from, maximum, put) => put(from.take(maximum).slice()),
    writeSized: (to, value) => to.put(value),
  });
}

/** A conformant array (C706 14.3.3.2): its count stands in front of it. */
export function conformantArray<T>(element: Ndr<T>, { most }: Limit): Conformant<readonly T[]> {
  return conformantType({
    alignment: element.alignment,
    most,
    maximum: (values) => values.length,
    readSized: (from, maximum, put) => readElements(from, element, maximum, put),
    writeSized: (to, values) => writeElements(to, element, values),
  });
}

/** A varying array (C706 14.3.3.3): so many elements at most. */
export function varyingArray<T>(element: Ndr<T>, { most }: Limit): Ndr<readonly T[]> {
  return {
    alignment: Math.max(4, element.alignment),
    read: (from, put) => readElements(from, element, varyingCount(from, most), put),
    write(to, values) {
      writeVaryingCount(to, values.length, most);
      writeElements(to, element, values);
    },
  };
}

/** Elements in a buffer of the caller's, such as `size_is` and `length_is` describe it. */
export interface Buffered<Elements> {
  /** Of the buffer, in elements. */
  readonly maximum: number;
  readonly elements: Elements;
}

/** A conformant and varying array of bytes. */
export function bufferedBytes({ most }: Limit): Conformant<Buffered<Uint8Array>> {
  return conformantType({
    alignment: 4,
    most,
    maximum: ({ maximum }) => maximum,
    readSized(from, maximum, put) {
      put({ maximum, elements: from.take(varyingCount(from, maximum)).slice() });
    },
    writeSized(to, { maximum, elements }) {
      writeVaryingCount(to, elements.length, maximum);
      to.put(elements);
    },
  });
}

/** A conformant and varying array (C706 14.3.3.4). */
export function bufferedArray<T>(element: Ndr<T>, { most }: Limit): Conformant<Buffered<readonly T[]>> {
  return conformantType({
    alignment: Math.max(4, element.alignment),
    most,
    maximum: ({ maximum }) => maximum,
    readSized(from, maximum, put) {
      readElements(from, element, varyingCount(from, maximum), (elements) => put({ maximum, elements }));
    },
    writeSized(to, { maximum, elements }) {
      writeVaryingCount(to, elements.length, maximum);
      writeElements(to, element, elements);
    },
  });
}

function writeVaryingCount(to: StubWriter, count: number, most: number): void {
  to.align(4);
  to.u32(0);
  to.count(count, most);
}

function readElements<T>(from: StubReader, element: Ndr<T>, count: number, put: (values: readonly T[]) => void): void {
  const direct = immediateOf(element);
  if (direct !== null) return put(takeElements(from, direct, count));
  checkCount(from, count);
  const values: T[] = [];
  for (let at = 0; at < count; at++) {
    from.enter(at);
    element.read(from, (value) => {
      values[at] = value;
    });
    from.leave();
  }
  put(values);
}

function takeElements<T>(from: StubReader, element: Immediate<T>, count: number): readonly T[] {
  checkCount(from, count);
  const values: T[] = [];
  for (let at = 0; at < count; at++) {
    from.enter(at);
    values.push(element.take(from));
    from.leave();
  }
  return values;
}

/** Every element has a byte at least. */
function checkCount(from: StubReader, count: number): void {
  if (count > from.left) throw from.wrong(`counts ${count}, where ${from.left} bytes are left`);
}

function writeElements<T>(to: StubWriter, element: Ndr<T>, values: readonly T[]): void {
  for (const value of values) element.write(to, value);
}
