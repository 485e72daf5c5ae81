import { utf16 } from '../bytes/utf16.ts';
import { hmacMd5, md5 } from '../crypto/hash.ts';
import { md4 } from '../crypto/md4.ts';
import { rc4 } from '../crypto/rc4.ts';

/** NTOWFv1 ([MS-NLMP] 3.3.1): the NT hash of a password, which is all that a server keeps of it. */
export function ntowfv1(password: string): Uint8Array {
  return md4(utf16(password));
}

/** NTOWFv2 ([MS-NLMP] 3.3.2), which is ResponseKeyNT. */
export function ntowfv2(ntHash: Uint8Array, user: string, userDom: string): Uint8Array {
  return hmacMd5(ntHash, utf16(uppercase(user) + userDom));
}

/**
 * Upper case as Windows knows it: one UTF-16 unit for one, so ß stays, and so do letters such as ı and µ whose capital belongs
 * to another letter. The final sigma is the exception.
 */
export function uppercase(user: string): string {
  return Array.from({ length: user.length }, (_, at) => upper(user.charAt(at))).join('');
}

function upper(unit: string): string {
  const capital = unit.toUpperCase();
  return capital.toLowerCase() === unit || unit === 'ς' ? capital : unit;
}

/** SessionBaseKey ([MS-NLMP] 3.3.2), which with NTLM v2 is the KeyExchangeKey too (3.4.5.1). */
export function sessionBaseKey(responseKeyNt: Uint8Array, ntProofStr: Uint8Array): Uint8Array {
  return hmacMd5(responseKeyNt, ntProofStr);
}

/** EncryptedRandomSessionKey from ExportedSessionKey, and back. */
export function exchangedKey(keyExchangeKey: Uint8Array, key: Uint8Array): Uint8Array {
  return rc4(keyExchangeKey, key);
}

/** Which way a message goes. */
export type Direction = 'client-to-server' | 'server-to-client';

/** SIGNKEY with extended session security ([MS-NLMP] 3.4.5.2). */
export function signKey(exportedSessionKey: Uint8Array, direction: Direction): Uint8Array {
  return keyFor(exportedSessionKey, direction, 'signing');
}

/** SEALKEY with extended session security and 128 bits ([MS-NLMP] 3.4.5.3). */
export function sealKey(exportedSessionKey: Uint8Array, direction: Direction): Uint8Array {
  return keyFor(exportedSessionKey, direction, 'sealing');
}

function keyFor(key: Uint8Array, direction: Direction, use: 'signing' | 'sealing'): Uint8Array {
  return md5(key, new TextEncoder().encode(`session key to ${direction} ${use} key magic constant\0`));
}
