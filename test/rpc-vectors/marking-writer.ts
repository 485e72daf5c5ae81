import { StubWriter } from '../../src/wire/ndr/stub.ts';

/** Writes a stub and remembers where its bytes may be others: in referent ids and in padding. */
export class MarkingWriter extends StubWriter {
  /** Offsets of the referent ids. */
  readonly referentIds: number[] = [];
  readonly #paddings: (readonly [from: number, to: number])[] = [];

  override align(size: number): void {
    const from = this.at;
    super.align(size);
    if (this.at > from) this.#paddings.push([from, this.at]);
  }

  override referent(write: () => void): void {
    this.referentIds.push(this.at);
    super.referent(write);
  }

  /** The stub with a zero in place of each of those bytes. */
  canonical(stub: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(stub);
    for (const at of this.referentIds) copy.fill(0, at, at + 4);
    for (const [from, to] of this.#paddings) copy.fill(0, from, to);
    return copy;
  }
}
