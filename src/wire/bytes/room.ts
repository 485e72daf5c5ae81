/**
 * Room for a message that soon is gone. Short ones share a piece of memory, which lives as long as the last of them; what stands in
 * it is somebody else's until it is overwritten.
 */
export function room(count: number): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset } = Buffer.allocUnsafe(count);
  return new Uint8Array(buffer, byteOffset, count);
}

/** The same bytes in a place of their own. */
export function copied(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = room(bytes.length);
  copy.set(bytes);
  return copy;
}

/** The same bytes in memory of their own: what is kept for long keeps nothing else alive. */
export function kept(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** The bytes of a Buffer as an array whose slices are copies. They are not copied. */
export function plain(bytes: Uint8Array): Uint8Array {
  if (!Buffer.isBuffer(bytes)) return bytes;
  const { buffer, byteOffset, byteLength } = bytes;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
