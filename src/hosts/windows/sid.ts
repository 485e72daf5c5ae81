/** The least bytes of a SID: revision, count, authority. */
const head = 8;

/** `S-1-5-18`, of a SID as it lies in memory ([MS-DTYP] 2.4.2.1, 2.4.2.2); null where the bytes are none. */
export function formatSid(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes[1];
  if (bytes[0] !== 1 || count === undefined || count > 15 || bytes.length < head + 4 * count) return null;
  const authority = authorityText(view.getUint16(2), view.getUint32(4));
  const subAuthorities = Array.from({ length: count }, (_, at) => view.getUint32(head + 4 * at, true));
  return ['S-1', authority, ...subAuthorities].join('-');
}

/** Decimal where 32 bits hold it, 12 hexadecimal digits else. */
function authorityText(high: number, low: number): string {
  const text = (high * 2 ** 32 + low).toString(16).toUpperCase();
  return high === 0 ? String(low) : `0x${text.padStart(12, '0')}`;
}

const wellKnown: ReadonlyMap<string, string> = new Map([
  ['S-1-5-18', 'SYSTEM'],
  ['S-1-5-19', 'LOCAL SERVICE'],
  ['S-1-5-20', 'NETWORK SERVICE'],
]);

/** The account of a SID that is the same on every host: `SYSTEM`, `DWM-3`, `UMFD-3`; null for any other. */
export function wellKnownAccount(sid: string): string | null {
  const manager = /^S-1-5-(90|96)-0-(\d+)$/.exec(sid);
  if (manager !== null) return `${manager[1] === '90' ? 'DWM' : 'UMFD'}-${manager[2]}`;
  return wellKnown.get(sid) ?? null;
}
