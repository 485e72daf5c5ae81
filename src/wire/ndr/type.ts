import type { StubReader, StubWriter } from './stub.ts';

/** How a value stands in a stub. */
export interface Ndr<T> {
  /** What its beginning is a multiple of, in bytes. */
  readonly alignment: number;
  /** Reads it, and puts it where it belongs: at once, or when its referent is reached. */
  read(from: StubReader, put: (value: T) => void): void;
  write(to: StubWriter, value: T): void;
}

/** A type without pointers: its value stands in one place. */
export interface Immediate<T> extends Ndr<T> {
  /** Reads it at once. */
  take(from: StubReader): T;
}

/** A type of always as many bytes. */
export interface Fixed<T> extends Immediate<T> {
  /** In bytes, without the padding before it. */
  readonly size: number;
}

/** A type whose elements are counted in front: of the array itself, or of the structure that ends with it (C706 14.3.3.2, 14.3.7.1). */
export interface Conformant<T> extends Ndr<T> {
  /** The most elements that are taken and sent. */
  readonly most: number;
  /** How many elements are announced for the value. */
  maximum(value: T): number;
  readSized(from: StubReader, maximum: number, put: (value: T) => void): void;
  writeSized(to: StubWriter, value: T): void;
}

/** The TypeScript type of what a declaration declares. */
export type ValueOf<N> = N extends Ndr<infer T> ? T : never;

/** The type where it is read at once; null where it may hold pointers. */
export function immediateOf<T>(type: Ndr<T>): Immediate<T> | null {
  return 'take' in type ? (type as Immediate<T>) : null;
}

/** A type without pointers, by how it is taken. */
export function immediate<T>(parts: Omit<Immediate<T>, 'read'>): Immediate<T> {
  return { ...parts, read: (from, put) => put(parts.take(from)) };
}

/** A type of always as many bytes, by how it is taken. */
export function fixed<T>(parts: Omit<Fixed<T>, 'read'>): Fixed<T> {
  return { ...parts, ...immediate(parts) };
}

export function isConformant(type: Ndr<unknown>): type is Conformant<unknown> {
  return 'readSized' in type;
}

/** A conformant type, of which the count stands right before it. */
export function conformantType<T>(parts: Omit<Conformant<T>, 'read' | 'write'>): Conformant<T> {
  return {
    ...parts,
    read(from, put) {
      parts.readSized(from, from.count(parts.most), put);
    },
    write(to, value) {
      to.count(parts.maximum(value), parts.most);
      parts.writeSized(to, value);
    },
  };
}
