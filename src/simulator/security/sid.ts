/** SIDs that are the same on every host ([MS-DTYP] 2.4.2.4). */
export const wellKnownSid = {
  everyone: 'S-1-1-0',
  network: 'S-1-5-2',
  interactive: 'S-1-5-4',
  authenticatedUsers: 'S-1-5-11',
  system: 'S-1-5-18',
  localService: 'S-1-5-19',
  networkService: 'S-1-5-20',
  administrators: 'S-1-5-32-544',
  users: 'S-1-5-32-545',
  remoteDesktopUsers: 'S-1-5-32-555',
} as const;

/** How many SIDs are remembered in both forms. */
const mostKnown = 65_536;
const known = new Map<string, Uint8Array>();

/** A SID as it lies in memory ([MS-DTYP] 2.4.2.2); it is nobody's to change. Throws `RangeError` for a text that is none. */
export function sidBytes(text: string): Uint8Array {
  const before = known.get(text);
  if (before !== undefined) return before;
  const bytes = encoded(text);
  if (known.size >= mostKnown) known.clear();
  known.set(text, bytes);
  return bytes;
}

function encoded(text: string): Uint8Array {
  const [, authority = '', rest = ''] = /^S-1-(\d{1,15})((?:-\d{1,10}){0,15})$/.exec(text) ?? [];
  if (authority === '') throw new RangeError(`${text} is no SID`);
  const subAuthorities = rest === '' ? [] : rest.slice(1).split('-').map(Number);
  const bytes = new Uint8Array(8 + 4 * subAuthorities.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 1;
  bytes[1] = subAuthorities.length;
  view.setUint16(2, Math.floor(Number(authority) / 2 ** 32));
  view.setUint32(4, Number(authority) % 2 ** 32);
  for (const [at, value] of subAuthorities.entries()) view.setUint32(8 + 4 * at, value, true);
  return bytes;
}
