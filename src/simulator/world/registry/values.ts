import { valueType } from '../../../wire/ms-rrp/value.ts';
import { fromUtf16, utf16 } from '../../../wire/bytes/utf16.ts';
import type { HiveValue } from './hive.ts';

export function dword(name: string, value: number): HiveValue {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, value, true);
  return { name, type: valueType.dword, data };
}

export function text(name: string, value: string): HiveValue {
  return { name, type: valueType.sz, data: utf16(`${value}\0`) };
}

export function binary(name: string, data: Uint8Array): HiveValue {
  return { name, type: valueType.binary, data };
}

/** Null where the value is not there or is no REG_DWORD. */
export function dwordOf(value: HiveValue | null): number | null {
  if (value === null || value.type !== valueType.dword || value.data.length < 4) return null;
  return new DataView(value.data.buffer, value.data.byteOffset, 4).getUint32(0, true);
}

/** Without its terminator; null where the value is not there or is no text. */
export function textOf(value: HiveValue | null): string | null {
  if (value === null || (value.type !== valueType.sz && value.type !== valueType.expandSz)) return null;
  return fromUtf16(value.data).replace(/\0+$/, '');
}
