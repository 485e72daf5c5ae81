type Bytes = Uint8Array;

/** The arms of RCM_REMOTEADDRESS that hold an address ([MS-TSTS] 2.2.2.43). */
type RemoteAddress =
  | { readonly tag: 2; readonly value: { readonly inAddr: Bytes } }
  | { readonly tag: 23; readonly value: { readonly sin6Addr: Bytes } };

/** `192.0.2.7`, or an IPv6 address as RFC 5952 writes it; null where there is none. */
export function formatAddress(address: RemoteAddress): string | null {
  const bytes = address.tag === 2 ? address.value.inAddr : address.value.sin6Addr;
  if (bytes.every((byte) => byte === 0)) return null;
  if (address.tag === 2) return bytes.join('.');
  const mapped = bytes.slice(0, 12);
  if (mapped.every((byte, at) => byte === (at < 10 ? 0 : 0xff))) return bytes.slice(12).join('.');
  return compress(groupsOf(bytes));
}

const groupsOf = (bytes: Bytes): readonly string[] =>
  Array.from({ length: 8 }, (_, at) => (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16));

/** The longest run of zeros becomes `::`, the first of several; a single zero stays (RFC 5952 4.2). */
function compress(groups: readonly string[]): string {
  const runs = [...groups.join(':').matchAll(/\b0(?::0)+\b/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  const text = groups.join(':');
  if (longest === '') return text;
  const at = text.search(new RegExp(`\\b${longest}\\b`));
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}
