import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';

/** What a stub from outside may hold at most. */
export const limits = {
  /** Bytes of a stub. */
  stub: 16 * 1024 * 1024,
  /** Referents within referents. */
  depth: 16,
} as const;

/** Reads a stub of NDR 2.0 (C706 chapter 14), little-endian. Alignment counts from the stub's beginning. */
export class StubReader extends Reader {
  #referents: (() => void)[] = [];
  #depth = 0;

  constructor(name: string, stub: Uint8Array) {
    super(name, stub);
    if (stub.length > limits.stub) throw this.wrong(`has ${stub.length} bytes, where ${limits.stub} are the limit`);
  }

  /** Reads what a parameter or a referent is, and behind it what its pointers point to (C706 14.3.12.3). */
  construct(read: () => void): void {
    if (this.#depth === limits.depth) throw this.wrong(`is more than ${limits.depth} pointers deep`);
    const outer = this.#referents;
    const referents: (() => void)[] = [];
    this.#referents = referents;
    this.#depth++;
    read();
    for (const referent of referents) this.construct(referent);
    this.#depth--;
    this.#referents = outer;
  }

  /** Reads a pointer's referent where it stands: behind the construct that is being read. */
  defer(read: () => void): void {
    this.#referents.push(this.later(read));
  }

  /** A count, aligned, of `most` at most. */
  count(most: number): number {
    this.align(4);
    const count = this.u32();
    if (count > most) throw this.wrong(`counts ${count}, where ${most} are the limit`);
    return count;
  }
}

/** The first referent id, where any number but zero will do (C706 14.3.11.1): the one that Windows begins with. */
const firstReferentId = 0x20000;

/** Writes a stub of NDR 2.0, little-endian. */
export class StubWriter extends Writer {
  #referents: (() => void)[] = [];
  #referentId = firstReferentId;

  /** Writes what a parameter or a referent is, and behind it what its pointers point to. */
  construct(write: () => void): void {
    const outer = this.#referents;
    const referents: (() => void)[] = [];
    this.#referents = referents;
    write();
    for (const referent of referents) this.construct(referent);
    this.#referents = outer;
  }

  /** Writes a referent id, and its referent behind the construct that is being written. */
  referent(write: () => void): void {
    this.u32(this.#referentId);
    this.#referentId += 4;
    this.#referents.push(write);
  }

  count(count: number, most: number): void {
    if (count > most) throw new RangeError(`${count} elements, where ${most} are the limit`);
    this.align(4);
    this.u32(count);
  }
}
