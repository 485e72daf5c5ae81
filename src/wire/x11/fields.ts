import { UsherError } from '../../sessions/errors.ts';

/**
 * Reads the fields of one message of an X server, whose byte order is little-endian: the client that opened the
 * connection asked for it ('l', X Window System Protocol, Connection Setup). A field beyond the message's end is a
 * {@link UsherError} `bad_answer` that names it.
 */
export interface Fields {
  readonly length: number;
  u8(at: number, field: string): number;
  u16(at: number, field: string): number;
  i16(at: number, field: string): number;
  u32(at: number, field: string): number;
  bytes(at: number, length: number, field: string): Uint8Array;
}

export function fieldsOf(message: string, bytes: Uint8Array): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const room = (at: number, size: number, field: string): number => {
    if (at + size <= bytes.length) return at;
    throw badField(message, field, `needs bytes ${at} to ${at + size}, where there are ${bytes.length}`);
  };
  return {
    length: bytes.length,
    u8: (at, field) => view.getUint8(room(at, 1, field)),
    u16: (at, field) => view.getUint16(room(at, 2, field), true),
    i16: (at, field) => view.getInt16(room(at, 2, field), true),
    u32: (at, field) => view.getUint32(room(at, 4, field), true),
    bytes: (at, length, field) => bytes.subarray(room(at, length, field), at + length),
  };
}

/** What is wrong with a field of an X server's message. */
export function badField(message: string, field: string, complaint: string): UsherError {
  return new UsherError({ code: 'bad_answer', message: `the X server's ${message}: ${field} ${complaint}` });
}
