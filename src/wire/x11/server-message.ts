import { badField, fieldsOf } from './fields.ts';
import { readEvent, type XEvent } from './event.ts';
import { readXError, type XError } from './error.ts';

/** What an X server sends after the setup (X Window System Protocol, Protocol Formats). */
export type ServerMessage =
  | { readonly kind: 'error'; readonly error: XError }
  | { readonly kind: 'event'; readonly event: XEvent }
  /** `sequence` is the number of the request that it answers, counted from 1, in its lowest 16 bits. */
  | { readonly kind: 'reply'; readonly sequence: number; readonly bytes: Uint8Array };

const shortest = 32;
/** The longest reply that is read, in bytes: a whole keyboard with 255 symbols a key. */
export const longestMessage = 256 * 1024;
const errorCode = 0;
const replyCode = 1;
const genericEvent = 35;

/** Takes the first message off what the server sent; null while it is not whole. */
export function takeServerMessage(
  bytes: Uint8Array,
): { readonly message: ServerMessage; readonly rest: Uint8Array<ArrayBufferLike> } | null {
  if (bytes.length < shortest) return null;
  const head = fieldsOf('message', bytes);
  const code = head.u8(0, 'code');
  const isLong = code === replyCode || (code & 0x7f) === genericEvent;
  const length = isLong ? shortest + head.u32(4, 'length') * 4 : shortest;
  if (length > longestMessage)
    throw badField('message', 'length', `is ${length} bytes, at most ${longestMessage} are read`);
  if (bytes.length < length) return null;
  return { message: readMessage(code, bytes.subarray(0, length)), rest: bytes.subarray(length) };
}

function readMessage(code: number, bytes: Uint8Array): ServerMessage {
  switch (code) {
    case errorCode:
      return { kind: 'error', error: readXError(bytes) };
    case replyCode:
      return { kind: 'reply', sequence: fieldsOf('reply', bytes).u16(2, 'sequence number'), bytes };
    default:
      return { kind: 'event', event: readEvent(bytes) };
  }
}
