/** The longest request without the BIG-REQUESTS extension, in units of four bytes. */
const longest = 0xffff;

/**
 * A request: opcode, its one byte of data, its length, then what follows, padded to four bytes
 * (X Window System Protocol, Protocol Formats, Request Format).
 */
export function request(opcode: number, data: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 4);
  const units = Math.ceil(size / 4);
  if (units > longest) throw new RangeError(`a request of ${size} bytes`);
  const bytes = new Uint8Array(units * 4);
  bytes.set([opcode, data, units & 0xff, units >> 8]);
  let at = 4;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Sixteen-bit numbers, with or without a sign, little-endian. */
export function card16(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  values.forEach((value, index) => view.setInt16(index * 2, value, true));
  return new Uint8Array(view.buffer);
}

/** Numbers of 32 bits, little-endian. */
export function card32(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => view.setUint32(index * 4, value, true));
  return new Uint8Array(view.buffer);
}

/** One bit of a value mask, and the value that stands for it. */
export type MaskedValue = readonly [bit: number, value: number];

/** A mask of 32 bits and its values, in the order of their bits, as the requests with a VALUE-LIST hold them. */
export function valueList(values: readonly MaskedValue[]): Uint8Array {
  const ordered = values.toSorted(([left], [right]) => left - right);
  return card32(
    ordered.reduce((mask, [bit]) => mask | bit, 0),
    ...ordered.map(([, value]) => value),
  );
}
