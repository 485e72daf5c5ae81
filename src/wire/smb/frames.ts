import { UsherError } from '../../sessions/errors.ts';
import { room } from '../bytes/room.ts';

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
  const stream = new FrameStream();
  stream.push(received);
  const message = stream.next(longest);
  return message === null ? null : { message, rest: received.subarray(prefixSize + message.length) };
}

/** Cuts what comes into messages, however it comes: in many pieces, too, at no more than their bytes' cost. Messages are not copied. */
export class FrameStream {
  #pieces: Uint8Array[] = [];
  /** What was taken of the first piece already. */
  #at = 0;
  /** Of all pieces, without that. */
  #size = 0;
  /** Bytes without which there is no point in looking. */
  #least = prefixSize;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#size += bytes.length;
  }

  /** The next message; null where it is not whole yet. Throws `UsherError` beyond `longest` bytes, and where it is none. */
  next(longest: number): Uint8Array | null {
    const [first] = this.#pieces;
    if (first !== undefined) checkBegin(first, this.#at);
    if (this.#size < this.#least) return null;
    const all = this.#joined();
    const length = lengthOf(all, this.#at);
    if (length > longest) {
      throw new UsherError({
        code: 'bad_answer',
        message: `an SMB message of ${length} bytes, where ${longest} are the limit`,
      });
    }
    this.#least = prefixSize + length;
    if (this.#size < this.#least) return null;
    const message = new Uint8Array(all.buffer, all.byteOffset + this.#at + prefixSize, length);
    this.#at += this.#least;
    this.#size -= this.#least;
    this.#least = prefixSize;
    if (this.#size === 0) [this.#pieces, this.#at] = [[], 0];
    return message;
  }

  /** All that is there, as one piece. */
  #joined(): Uint8Array {
    const [first = new Uint8Array()] = this.#pieces;
    if (this.#pieces.length <= 1) return first;
    const all = Buffer.concat([first.subarray(this.#at), ...this.#pieces.slice(1)]);
    [this.#pieces, this.#at] = [[all], 0];
    return all;
  }
}

function checkBegin(bytes: Uint8Array, at: number): void {
  if (bytes[at] === 0) return;
  throw new UsherError({
    code: 'bad_answer',
    message: `what the host sent begins with byte ${bytes[at]}: it is not SMB`,
  });
}

/** Most significant byte first; the first of the four is zero. */
function lengthOf(bytes: Uint8Array, at: number): number {
  const [high = 0, middle = 0, low = 0] = [bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return (high << 16) | (middle << 8) | low;
}
