import type { Readable } from 'node:stream';
import { UsherError } from '../sessions/errors.ts';

/** A stream to its end, as UTF-8. Throws {@link UsherError} where it is longer than that; an abort ends it with its reason. */
export async function readToEnd(input: Readable, mostBytes: number, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  const abort = (): void => void input.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    for await (const chunk of input) {
      const bytes = Buffer.from(chunk as Uint8Array);
      length += bytes.length;
      if (length > mostBytes) {
        throw new UsherError({ code: 'usage', message: `standard input is longer than ${mostBytes} bytes` });
      }
      chunks.push(bytes);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  return Buffer.concat(chunks).toString('utf8');
}
