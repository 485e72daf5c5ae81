import { StubReader, StubWriter } from '../stub.ts';
import type { Ndr } from '../type.ts';

/** The type as the only parameter of a stub. */
export function encode<T>(type: Ndr<T>, value: T): Uint8Array {
  const writer = new StubWriter();
  writer.construct(() => type.write(writer, value));
  return writer.finish();
}

export function decode<T>(type: Ndr<T>, stub: Uint8Array): T {
  const reader = new StubReader('STUB', stub);
  const values: T[] = [];
  reader.construct(() => type.read(reader, (value) => values.push(value)));
  reader.end();
  return values[0] as T;
}

/** The stub in words of four bytes. */
export function words<T>(type: Ndr<T>, value: T): string {
  return (
    Buffer.from(encode(type, value))
      .toString('hex')
      .match(/.{1,8}/g)
      ?.join(' ') ?? ''
  );
}
