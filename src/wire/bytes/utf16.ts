/** Text as UTF-16LE, without a terminator. */
export function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le');
}

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Text from UTF-16LE, of these bytes; a half of a surrogate pair and an odd last byte are kept out of it. */
export function fromUtf16(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const end = to - ((to - from) & 1);
  return shortAscii(bytes, from, end) ?? decoder.decode(bytes.subarray(from, end));
}

/** The longest text that is put together faster than the decoder is called, in bytes. */
const short = 64;

/** Names are short and mostly ASCII; null where a text is not. */
function shortAscii(bytes: Uint8Array, from: number, end: number): string | null {
  if (end - from > short) return null;
  const characters: number[] = [];
  for (let at = from; at < end; at += 2) {
    const low = bytes[at] as number;
    if (bytes[at + 1] !== 0 || low > 0x7f) return null;
    characters.push(low);
  }
  return String.fromCharCode(...characters);
}
