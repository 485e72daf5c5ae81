/** Text as UTF-16LE, without a terminator. */
export function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le');
}

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Text from UTF-16LE; a half of a surrogate pair and an odd last byte are kept out of it. */
export function fromUtf16(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, bytes.length & ~1));
}
