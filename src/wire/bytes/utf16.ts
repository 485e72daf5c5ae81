/** Text as UTF-16LE, without a terminator. */
export function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le');
}

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Text from UTF-16LE; a half of a surrogate pair and an odd last byte are kept out of it. */
export function fromUtf16(bytes: Uint8Array): string {
  return shortAscii(bytes) ?? decoder.decode(bytes.subarray(0, bytes.length & ~1));
}

/** The longest text that is put together faster than the decoder is called, in bytes. */
const short = 64;

/** Names are short and mostly ASCII; null where a text is not. */
function shortAscii(bytes: Uint8Array): string | null {
  if (bytes.length > short) return null;
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const low = bytes[at] as number;
    if (bytes[at + 1] !== 0 || low > 0x7f) return null;
    text += String.fromCharCode(low);
  }
  return text;
}
