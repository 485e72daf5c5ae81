/** REGSAM (MS-RRP 2.2.3). */
export const access = {
  queryValue: 0x1,
  setValue: 0x2,
  createSubKey: 0x4,
  enumerateSubKeys: 0x8,
  notify: 0x10,
  /** The 64-bit view, whatever the server is. */
  wow64Key64: 0x100,
  wow64Key32: 0x200,
  delete: 0x10000,
  readControl: 0x20000,
  maximumAllowed: 0x2000000,
} as const;
