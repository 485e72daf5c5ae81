import { UsherError } from '../../sessions/errors.ts';

/** The largest answer that is read, in bytes. A session takes about 1.5 KB. */
export const largestFrame = 16 * 1024 * 1024;
/** How much a login shell may say on standard output before the first frame, in bytes. */
const mostChatter = 64 * 1024;
const longestHeader = 24;
const magic = 'USHER1 ';

/**
 * Takes a probe's standard output apart. A frame is `USHER1 LENGTH\n`, LENGTH bytes of JSON and `\n`. Before the
 * first frame anything may come: what login shells print. After it, nothing else may.
 */
export interface FrameDecoder {
  /** The JSON documents that these bytes complete. Throws {@link UsherError} `bad_answer`. */
  push(bytes: Buffer): unknown[];
}

export function frameDecoder(): FrameDecoder {
  let chunks: Buffer[] = [];
  let pending = 0;
  let wanted = 0;
  let begun = false;

  return {
    push(bytes) {
      chunks.push(bytes);
      pending += bytes.length;
      if (pending < wanted) return [];
      let buffer: Buffer = Buffer.concat(chunks);
      const documents: unknown[] = [];
      for (;;) {
        if (!begun) buffer = skipChatter(buffer);
        const frame = takeFrame(buffer, begun);
        if ('document' in frame) documents.push(frame.document);
        if (frame.begun) begun = true;
        buffer = frame.rest;
        if (!('document' in frame)) {
          chunks = [buffer];
          pending = buffer.length;
          wanted = frame.wanted;
          return documents;
        }
      }
    },
  };
}

function skipChatter(buffer: Buffer): Buffer {
  const at = buffer.indexOf(magic);
  if (at > mostChatter || (at < 0 && buffer.length > mostChatter)) {
    throw badAnswer(`no answer within the first ${mostChatter} bytes`, 'make the account’s login shell print nothing');
  }
  return at < 0 ? buffer : buffer.subarray(at);
}

type Taken =
  | { readonly document: unknown; readonly begun: true; readonly rest: Buffer }
  | { readonly wanted: number; readonly begun: boolean; readonly rest: Buffer };

function takeFrame(buffer: Buffer, begun: boolean): Taken {
  const start = buffer.subarray(0, magic.length).toString('latin1');
  if (start !== magic) {
    if (begun && !magic.startsWith(start)) throw badAnswer('the answer does not begin with a frame header');
    return { wanted: buffer.length + 1, begun, rest: buffer };
  }
  const end = buffer.indexOf(0x0a);
  if (end < 0 || end > longestHeader) {
    if (buffer.length > longestHeader) throw badAnswer('a frame header does not end');
    return { wanted: buffer.length + 1, begun: true, rest: buffer };
  }
  const digits = buffer.subarray(magic.length, end).toString('latin1');
  const length = Number(digits);
  if (!/^\d{1,9}$/.test(digits) || length > largestFrame) {
    throw badAnswer(`a frame of '${digits}' bytes, where at most ${largestFrame} are read`);
  }
  const whole = end + 1 + length + 1;
  if (buffer.length < whole) return { wanted: whole, begun: true, rest: buffer };
  if (buffer[whole - 1] !== 0x0a) throw badAnswer(`a frame of ${length} bytes does not end where it says`);
  return { document: parseJson(buffer.subarray(end + 1, whole - 1)), begun: true, rest: buffer.subarray(whole) };
}

function parseJson(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new UsherError({ code: 'bad_answer', message: `a frame of ${bytes.length} bytes is not JSON`, cause });
  }
}

function badAnswer(message: string, hint?: string): UsherError {
  return new UsherError({ code: 'bad_answer', message, hint });
}
