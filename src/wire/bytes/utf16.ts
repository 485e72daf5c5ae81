/** Text as UTF-16LE, without a terminator. */
export function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le');
}

/** Text from UTF-16LE; a half of a surrogate pair and an odd last byte are kept out of it. */
export function fromUtf16(bytes: Uint8Array): string {
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes.subarray(0, bytes.length & ~1));
}
