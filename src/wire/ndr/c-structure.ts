import { type Fields, struct } from './struct.ts';
import { StubReader, StubWriter } from './stub.ts';
import { type Fixed, fixed, immediateOf } from './type.ts';

/** A structure as it lies in the memory of a Windows host, not in NDR: of always as many bytes, padded at its end, too. */
export interface CStructure<T> extends Fixed<T> {
  /** Where each field begins, and how many bytes it has. */
  readonly places: Readonly<Record<string, readonly [offset: number, size: number]>>;
}

export function cStructure<D extends Readonly<Record<string, Fixed<unknown>>>>(declared: D): CStructure<Fields<D>> {
  const fields = struct(declared);
  const { alignment } = fields;
  const places: Record<string, readonly [number, number]> = {};
  let end = 0;
  for (const [name, field] of Object.entries<Fixed<unknown>>(declared)) {
    const offset = roundUp(end, field.alignment);
    places[name] = [offset, field.size];
    end = offset + field.size;
  }
  const direct = immediateOf(fields);
  if (direct === null) throw new TypeError('a structure in memory has no pointers');
  const structure = fixed<Fields<D>>({
    alignment,
    size: roundUp(end, alignment),
    take(from) {
      const value = direct.take(from);
      from.align(alignment);
      return value;
    },
    write(to, value) {
      fields.write(to, value);
      to.align(alignment);
    },
  });
  return { ...structure, places };
}

/** What bytes begin with: a later Windows may append fields. Throws `UsherError` `bad_answer`, naming field and offset. */
export function decodeStructure<T>(name: string, type: Fixed<T>, bytes: Uint8Array): T {
  return type.take(new StubReader(name, bytes));
}

export function encodeStructure<T>(type: Fixed<T>, value: T): Uint8Array {
  const writer = new StubWriter();
  type.write(writer, value);
  return writer.finish();
}

function roundUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
