import { UsherError } from '../../sessions/errors.ts';
import { badField, type Fields, fieldsOf } from './fields.ts';
import { readScreen, type Screen } from './screen.ts';

/** What the server said when the connection was opened (X Window System Protocol, Connection Setup). */
export interface Setup {
  readonly resourceIdBase: number;
  /** The bits that resource ids of this client may set. */
  readonly resourceIdMask: number;
  readonly bitmapFormat: BitmapFormat;
  readonly minKeycode: number;
  readonly maxKeycode: number;
  /** The first screen, which is where `:10` leads to. */
  readonly screen: Screen;
}

/** How bitmaps lie in memory (X Window System Protocol, Connection Setup, Server Information). */
export interface BitmapFormat {
  readonly byteOrder: 'least first' | 'most first';
  readonly bitOrder: 'least first' | 'most first';
  /** Bits whose bytes lie in `byteOrder`: 8, 16 or 32. */
  readonly unit: number;
  /** Bits that a row is a multiple of: 8, 16 or 32, and no fewer than `unit`. */
  readonly pad: number;
}

const what = 'setup reply';
const headLength = 8;
const fixedLength = 40;

/** Takes the setup reply off the beginning of what the server sent; null while it is not whole. */
export function takeSetupReply(
  bytes: Uint8Array,
): { readonly setup: Setup; readonly rest: Uint8Array<ArrayBufferLike> } | null {
  if (bytes.length < headLength) return null;
  const head = fieldsOf(what, bytes);
  const length = headLength + head.u16(6, 'length') * 4;
  if (bytes.length < length) return null;
  const fields = fieldsOf(what, bytes.subarray(0, length));
  const success = fields.u8(0, 'success');
  if (success === 0 || success === 2) throw refused(fields, success);
  if (success !== 1) throw badField(what, 'success', `is ${success}`);
  return { setup: readSetup(fields), rest: bytes.subarray(length) };
}

function readSetup(fields: Fields): Setup {
  const major = fields.u16(2, 'protocol-major-version');
  if (major !== 11) throw badField(what, 'protocol-major-version', `is ${major}`);
  if (fields.u16(26, 'maximum-request-length') < 4096) {
    throw badField(what, 'maximum-request-length', 'is below 4096, which the protocol promises');
  }
  if (fields.u8(28, 'number of screens') === 0) throw badField(what, 'number of screens', 'is 0');
  const vendor = Math.ceil(fields.u16(24, 'length of vendor') / 4) * 4;
  const formats = fields.u8(29, 'number of pixmap formats') * 8;
  const minKeycode = fields.u8(34, 'min-keycode');
  const maxKeycode = fields.u8(35, 'max-keycode');
  if (minKeycode < 8 || maxKeycode < minKeycode) {
    throw badField(what, 'min-keycode', `is ${minKeycode}, where max-keycode is ${maxKeycode}`);
  }
  return {
    ...readResourceIds(fields),
    bitmapFormat: readBitmapFormat(fields),
    minKeycode,
    maxKeycode,
    screen: readScreen(fields, fixedLength + vendor + formats),
  };
}

function readResourceIds(fields: Fields): Pick<Setup, 'resourceIdBase' | 'resourceIdMask'> {
  const resourceIdBase = fields.u32(12, 'resource-id-base');
  const resourceIdMask = fields.u32(16, 'resource-id-mask');
  if (!/^0*1{18,}0*$/.test(resourceIdMask.toString(2))) {
    throw badField(what, 'resource-id-mask', `is 0x${resourceIdMask.toString(16)}, no 18 bits in a row`);
  }
  if ((resourceIdBase & resourceIdMask) !== 0) throw badField(what, 'resource-id-base', 'overlaps resource-id-mask');
  return { resourceIdBase, resourceIdMask };
}

function readBitmapFormat(fields: Fields): BitmapFormat {
  const unit = readBits(fields, 32, 'bitmap-format-scanline-unit');
  const pad = readBits(fields, 33, 'bitmap-format-scanline-pad');
  if (unit > pad) throw badField(what, 'bitmap-format-scanline-unit', `is ${unit}, above bitmap-format-scanline-pad`);
  return {
    byteOrder: readOrder(fields, 30, 'image-byte-order'),
    bitOrder: readOrder(fields, 31, 'bitmap-format-bit-order'),
    unit,
    pad,
  };
}

function readOrder(fields: Fields, at: number, field: string): BitmapFormat['byteOrder'] {
  const order = fields.u8(at, field);
  if (order > 1) throw badField(what, field, `is ${order}`);
  return order === 0 ? 'least first' : 'most first';
}

function readBits(fields: Fields, at: number, field: string): number {
  const bits = fields.u8(at, field);
  if (bits !== 8 && bits !== 16 && bits !== 32) throw badField(what, field, `is ${bits}`);
  return bits;
}

function refused(fields: Fields, success: 0 | 2): UsherError {
  const length = success === 0 ? Math.min(fields.u8(1, 'length of reason'), fields.length - headLength) : 0;
  const reason = success === 0 ? fields.bytes(headLength, length, 'reason') : fields.bytes(headLength, 0, 'reason');
  const said = new TextDecoder('latin1')
    .decode(reason)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
  const why = success === 2 ? 'it wants more of an authentication' : said;
  return new UsherError({
    code: 'access_denied',
    message: `the X server refused the connection${why === '' ? '' : `: ${why}`}`,
  });
}

/** The nth id of this client's own resources (X Window System Protocol, Connection Setup, resource-id-mask). */
export function resourceId({ resourceIdBase, resourceIdMask }: Setup, nth: number): number {
  const lowest = resourceIdMask & -resourceIdMask;
  return (resourceIdBase | (nth * lowest)) >>> 0;
}
