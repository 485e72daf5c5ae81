import { fieldsOf } from './fields.ts';

/** What the server thinks of a request (X Window System Protocol, Errors). */
export interface XError {
  /** `Window`, `Match`; `error 130` where an extension made it. */
  readonly name: string;
  /** The request's opcode. */
  readonly opcode: number;
}

/** In the order of their codes, from 1 (appendix Protocol Encoding, Errors). */
const names = [
  'Request',
  'Value',
  'Window',
  'Pixmap',
  'Atom',
  'Cursor',
  'Font',
  'Match',
  'Drawable',
  'Access',
  'Alloc',
  'Colormap',
  'GContext',
  'IDChoice',
  'Name',
  'Length',
  'Implementation',
] as const;

export function readXError(bytes: Uint8Array): XError {
  const fields = fieldsOf('error', bytes);
  const code = fields.u8(1, 'code');
  return { name: names[code - 1] ?? `error ${code}`, opcode: fields.u8(10, 'major opcode') };
}
