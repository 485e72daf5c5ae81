import { card16, card32, request } from './request.ts';
import type { BitmapFormat } from './setup-reply.ts';

/** A picture of one bit a pixel. */
export interface Bitmap {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Rows of whole bytes from above, the leftmost pixel in the highest bit of the first. */
  readonly bits: Uint8Array;
}

export interface Placed {
  readonly drawable: number;
  readonly context: number;
  readonly x: number;
  readonly y: number;
  readonly bitmap: Bitmap;
}

const bitmapFormat = 0;
const bitmapDepth = 1;

/**
 * PutImage with format Bitmap (X Window System Protocol, Requests; opcode 72): set pixels take the context's
 * foreground, the others its background, whatever the drawable's depth is.
 */
export function putBitmap({ drawable, context, x, y, bitmap }: Placed, format: BitmapFormat): Uint8Array {
  return request(
    72,
    bitmapFormat,
    card32(drawable, context),
    card16(bitmap.width, bitmap.height, x, y),
    new Uint8Array([0, bitmapDepth, 0, 0]),
    inFormat(bitmap, format),
  );
}

/** A bitmap's data as the server wants it (X Window System Protocol, Connection Setup, Server Information). */
function inFormat({ width, height, bits }: Bitmap, { byteOrder, bitOrder, unit, pad }: BitmapFormat): Uint8Array {
  const from = Math.ceil(width / 8);
  const stride = (Math.ceil(width / pad) * pad) / 8;
  const inUnit = byteOrder === bitOrder ? 0 : unit / 8 - 1;
  const data = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    for (let at = 0; at < from; at++) {
      const byte = bits[row * from + at] ?? 0;
      data[row * stride + (at ^ inUnit)] = bitOrder === 'least first' ? mirrored(byte) : byte;
    }
  }
  return data;
}

function mirrored(byte: number): number {
  let mirror = 0;
  for (let bit = 0; bit < 8; bit++) mirror |= ((byte >> bit) & 1) << (7 - bit);
  return mirror;
}
