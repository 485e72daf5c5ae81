import { createHash, createHmac } from 'node:crypto';

/** SHA-256 (FIPS 180-4), 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest();
}

/** HMAC-SHA-1 (RFC 2104), 20 bytes. Fit for hiding names in known_hosts, not for authenticating anything. */
export function hmacSha1(key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac('sha1', key).update(data).digest();
}
