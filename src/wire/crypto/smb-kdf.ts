import { hmacSha256 } from './hash.ts';

const zero = new Uint8Array(1);

/**
 * The key derivation of SMB 3 ([MS-SMB2] 3.1.4.2): NIST SP 800-108 in counter mode with HMAC-SHA-256 and a counter of
 * 32 bits. The label is given without the zero that ends it on the wire.
 */
export function smbKdf(key: Uint8Array, label: string, context: Uint8Array, bits: 128 | 256 = 128): Uint8Array {
  const labelWithEnd = new TextEncoder().encode(`${label}\0`);
  return hmacSha256(key, bigEndian(1), labelWithEnd, zero, context, bigEndian(bits)).subarray(0, bits / 8);
}

function bigEndian(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value);
  return new Uint8Array(view.buffer);
}
