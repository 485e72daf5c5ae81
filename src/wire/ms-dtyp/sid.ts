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
  const authority = BigInt(`0x${Buffer.from(from.take(6)).toString('hex')}`);
  const subAuthorities = Array.from({ length: count }, () => from.u32());
  return ['S-1', authorityText(authority), ...subAuthorities].join('-');
}

/** Decimal where 32 bits hold it, 12 hexadecimal digits else. */
function authorityText(authority: bigint): string {
  if (authority < 2n ** 32n) return String(authority);
  return `0x${authority.toString(16).toUpperCase().padStart(12, '0')}`;
}
