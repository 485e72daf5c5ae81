import { badField, fieldsOf } from './fields.ts';
import { request } from './request.ts';

/** GetKeyboardMapping (X Window System Protocol, Requests; opcode 101). Keycodes go from 8 to 255. */
export function getKeyboardMapping(firstKeycode: number, count: number): Uint8Array {
  return request(101, 0, new Uint8Array([firstKeycode, count, 0, 0]));
}

/** Keycode → the symbol of its key alone, without a modifier (appendix KEYSYM Encoding). */
export type KeyboardMapping = ReadonlyMap<number, number>;

export function readKeyboardMapping(reply: Uint8Array, firstKeycode: number, count: number): KeyboardMapping {
  const what = 'answer to GetKeyboardMapping';
  const fields = fieldsOf(what, reply);
  const each = fields.u8(1, 'keysyms-per-keycode');
  if (each === 0) throw badField(what, 'keysyms-per-keycode', 'is 0');
  const keys = Array.from({ length: count }, (_, index) => index);
  return new Map(keys.map((index) => [firstKeycode + index, fields.u32(32 + index * each * 4, 'keysyms')]));
}
