import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const folder = join(import.meta.dirname, '../../../../test/vectors/x11');
const hex = z.string().transform((text) => new Uint8Array(Buffer.from(text, 'hex')));
const recording = z.array(z.object({ at: z.number(), hex }));

export type Recording = z.output<typeof recording>;

/** What a real X server sent, piece by piece. */
export function recorded(name: 'xvfb-24-click' | 'xvfb-16-keyboard' | 'xvfb-8-closed'): Recording {
  return recording.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
}

/** All of it in one piece. */
export function recordedBytes(name: Parameters<typeof recorded>[0]): Uint8Array {
  return new Uint8Array(Buffer.concat(recorded(name).map((piece) => piece.hex)));
}

/** What Xlib sends, by the request's name. */
export function xlibRequests(): Readonly<Record<string, Uint8Array>> {
  const text = readFileSync(join(folder, 'xlib-requests.json'), 'utf8');
  return z.record(z.string(), hex).parse(JSON.parse(text));
}
