import { UsherError } from '../../sessions/errors.ts';
import { plain, room } from '../bytes/room.ts';

const prefixSize = 4;

/** A message in the Direct TCP transport packet (MS-SMB2 2.1): a zero byte and the length, most significant byte first. */
export function frame(message: Uint8Array): Uint8Array {
  const framed = room(prefixSize + message.length);
  new DataView(framed.buffer, framed.byteOffset).setUint32(0, message.length);
  framed.set(message, prefixSize);
  return framed;
}

export interface Taken {
  readonly message: Uint8Array;
  readonly rest: Uint8Array;
}

/** The first message of what was received, which is not copied; null where it is not whole yet. Throws `UsherError` beyond `longest` bytes. */
export function takeFrame(received: Uint8Array, longest: number): Taken | null {
  if (received[0] !== undefined && received[0] !== 0) {
    throw new UsherError({
      code: 'bad_answer',
      message: `what the host sent begins with byte ${received[0]}: it is not SMB`,
    });
  }
  if (received.length < prefixSize) return null;
  const length = new DataView(received.buffer, received.byteOffset).getUint32(0);
  if (length > longest) {
    throw new UsherError({
      code: 'bad_answer',
      message: `an SMB message of ${length} bytes, where ${longest} are the limit`,
    });
  }
  if (received.length < prefixSize + length) return null;
  return {
    message: plain(received.subarray(prefixSize, prefixSize + length)),
    rest: received.subarray(prefixSize + length),
  };
}

/** Cuts what comes into messages, however it comes: in many pieces, too, at no more than their bytes' cost. */
export class FrameStream {
  #pieces: Uint8Array[] = [];
  #size = 0;
  /** Bytes without which there is no point in looking. */
  #least = prefixSize;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#size += bytes.length;
  }

  /** The next message; null where it is not whole yet. Throws `UsherError` beyond `longest` bytes. */
  next(longest: number): Uint8Array | null {
    if (this.#size < this.#least) return null;
    const [first] = this.#pieces;
    const all = first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
    const taken = takeFrame(all, longest);
    const rest = taken?.rest ?? all;
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
    this.#least = prefixSize;
    if (taken !== null) return taken.message;
    if (all.length >= prefixSize) this.#least += new DataView(all.buffer, all.byteOffset).getUint32(0);
    return null;
  }
}
