import type { Reader } from '../bytes/reader.ts';

/** The most sub-authorities of a SID (MS-DTYP 2.4.2.2). */
const mostSubAuthorities = 15;

/** A SID in its string format (2.4.2.1): `S-1-5-32-544`. */
export function readSid(from: Reader): string {
  const revision = from.u8();
  if (revision !== 1) throw from.wrong(`is a SID of revision ${revision}, where 1 is the only one`);
  const count = from.u8();
  if (count > mostSubAuthorities)
    throw from.wrong(`is a SID of ${count} sub-authorities, where ${mostSubAuthorities} may be`);
  let authority = 0;
  for (let at = 0; at < 6; at++) authority = authority * 256 + from.u8();
  let text = `S-1-${authorityText(authority)}`;
  for (let at = 0; at < count; at++) text += `-${from.u32()}`;
  return text;
}

/** Decimal where 32 bits hold it, 12 hexadecimal digits else. */
function authorityText(authority: number): string {
  if (authority < 2 ** 32) return String(authority);
  return `0x${authority.toString(16).toUpperCase().padStart(12, '0')}`;
}
