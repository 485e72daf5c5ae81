import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** The picture of one character, 16 pixels high. */
export interface Glyph {
  /** In bytes a row: 1 for 8 pixels, 2 for 16. */
  readonly width: 1 | 2;
  /** 16 rows from above, the leftmost pixel in the highest bit. */
  readonly rows: Uint8Array;
}

/** In pixels. */
export const glyphHeight = 16;

interface Run {
  readonly first: number;
  readonly count: number;
  readonly width: 1 | 2;
  readonly glyphs: Buffer;
}

let kept: readonly Run[] | null = null;

/** The glyph of a code point in GNU Unifont; null where the font beside this file has none. */
export function glyphOf(codePoint: number): Glyph | null {
  kept ??= readRuns(brotliDecompressSync(readFileSync(join(import.meta.dirname, 'font/unifont.bin'))));
  const run = kept.find(({ first, count }) => first <= codePoint && codePoint < first + count);
  if (run === undefined) return null;
  const length = run.width * glyphHeight;
  const at = (codePoint - run.first) * length;
  return { width: run.width, rows: run.glyphs.subarray(at, at + length) };
}

/** The layout is the one that `tools/unifont/pack.ts` describes. */
function readRuns(font: Buffer): readonly Run[] {
  const runs: Run[] = [];
  const count = font.readUInt32LE(0);
  let at = 4 + count * 12;
  for (let index = 0; index < count; index++) {
    const entry = 4 + index * 12;
    const size = font.readUInt32LE(entry + 4) * font.readUInt32LE(entry + 8);
    runs.push({
      first: font.readUInt32LE(entry),
      count: font.readUInt32LE(entry + 4),
      width: font.readUInt32LE(entry + 8) === glyphHeight ? 1 : 2,
      glyphs: font.subarray(at, at + size),
    });
    at += size;
  }
  return runs;
}
