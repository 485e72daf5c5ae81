/** RCM_REMOTEADDRESS by its family ([MS-TSTS] 2.2.2.43). The port is not told. */
export type WireAddress =
  | {
      readonly tag: 2;
      readonly value: { readonly sinPort: 0; readonly inAddr: Uint8Array; readonly sinZero: Uint8Array };
    }
  | {
      readonly tag: 23;
      readonly value: {
        readonly sin6Port: 0;
        readonly sin6Flowinfo: 0;
        readonly sin6Addr: Uint8Array;
        readonly sin6ScopeId: 0;
      };
    };

/** Where packets come from when nobody sends any. */
export const noAddress: WireAddress = ipv4([0, 0, 0, 0]);

/** An address in its text form; null where it is none. */
export function wireAddress(text: string): WireAddress | null {
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(text)) return ipv4(text.split('.').map(Number));
  const groups = groupsOf(text);
  if (groups === null) return null;
  const sin6Addr = new Uint8Array(16);
  const view = new DataView(sin6Addr.buffer);
  for (const [at, group] of groups.entries()) view.setUint16(2 * at, group);
  return { tag: 23, value: { sin6Port: 0, sin6Flowinfo: 0, sin6Addr, sin6ScopeId: 0 } };
}

function ipv4(parts: readonly number[]): WireAddress {
  return { tag: 2, value: { sinPort: 0, inAddr: Uint8Array.from(parts), sinZero: new Uint8Array(8) } };
}

/** The eight groups of an IPv6 address, of which `::` stands for as many zeros as are lacking. */
function groupsOf(text: string): readonly number[] | null {
  if (!/^[0-9a-f:]+$/i.test(text)) return null;
  const [before = '', after, ...more] = text.split('::');
  const parsed = (part: string): readonly number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [left, right] = [parsed(before), parsed(after ?? '')];
  const lacking = 8 - left.length - right.length;
  if (more.length > 0 || (after === undefined ? lacking !== 0 : lacking < 1)) return null;
  const groups = [...left, ...Array<number>(lacking).fill(0), ...right];
  return groups.every((group) => group >= 0 && group <= 0xffff) ? groups : null;
}
