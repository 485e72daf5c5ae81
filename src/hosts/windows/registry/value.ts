import { fromUtf16 } from '../../../wire/bytes/utf16.ts';
import { valueType } from '../../../wire/ms-rrp/value.ts';
import { untilNul } from '../../../wire/ndr/text.ts';

/** A value as it lies in the registry. */
export interface RegistryValue {
  /** One of `valueType` (MS-RRP 3.1.1.5). */
  readonly type: number;
  readonly data: Uint8Array;
}

/** A REG_DWORD; null where there is none, or another kind of value. */
export function dwordOf(value: RegistryValue | null | undefined): number | null {
  if (value?.type !== valueType.dword || value.data.length !== 4) return null;
  return new DataView(value.data.buffer, value.data.byteOffset).getUint32(0, true);
}

/** A REG_SZ without its terminator; null where there is none, or another kind of value. */
export function textOf(value: RegistryValue | null | undefined): string | null {
  return value?.type === valueType.sz ? untilNul(fromUtf16(value.data)) : null;
}
