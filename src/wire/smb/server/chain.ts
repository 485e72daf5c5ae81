import type { Signing } from '../keys/signing.ts';
import { signed } from '../keys/signing.ts';
import { flag, headerSize } from '../messages/header.ts';
import { broken } from './failures.ts';
import { limits } from './parameters.ts';

const flagsAt = 16;
const nextCommandAt = 20;
const alignment = 8;

/** The requests of a message (MS-SMB2 3.3.5.2.7). Throws `UsherError` where it is none. */
export function split(message: Uint8Array): readonly Uint8Array[] {
  const requests: Uint8Array[] = [];
  for (let at = 0; ; ) {
    const left = message.length - at;
    if (left < headerSize) throw broken(`the client sent an SMB message of ${left} bytes`);
    const next = new DataView(message.buffer, message.byteOffset + at).getUint32(nextCommandAt, true);
    if (next === 0) {
      requests.push(at === 0 ? message : message.subarray(at));
      return requests;
    }
    if (next < headerSize || next % alignment !== 0 || next > left) {
      throw broken(`the client sent SMB requests in one whose next is ${next} bytes on, of ${left}`);
    }
    requests.push(message.subarray(at, at + next));
    if (requests.length >= limits.compound) throw broken(`the client sent ${limits.compound} SMB requests in one`);
    at += next;
  }
}

/** A response as it is encoded, and how it is protected. */
export interface Finished {
  readonly message: Uint8Array;
  /** Null where it is not signed. */
  readonly signing: Signing | null;
  /** Whether its request was related to the one before it. */
  readonly isRelated: boolean;
}

/** The responses as one message, each signed with what pads it (3.3.4.1.3). */
export function join(responses: readonly Finished[]): Uint8Array {
  const [only] = responses;
  if (responses.length === 1 && only !== undefined) {
    return only.signing === null ? only.message : signed(only.message, only.signing);
  }
  return Buffer.concat(
    responses.map(({ message, signing, isRelated }, at) => {
      const isLast = at === responses.length - 1;
      const length = Math.ceil(message.length / alignment) * alignment;
      const padded = new Uint8Array(length);
      padded.set(message);
      const view = new DataView(padded.buffer);
      if (!isLast) view.setUint32(nextCommandAt, length, true);
      if (isRelated && at > 0) view.setUint32(flagsAt, view.getUint32(flagsAt, true) | flag.relatedOperations, true);
      return signing === null ? padded : signed(padded, signing);
    }),
  );
}
