import { brotliCompressSync, constants } from 'node:zlib';
import { ranges } from './ranges.ts';

interface Glyph {
  readonly codePoint: number;
  /** 16 bytes of an 8x16 glyph, or 32 of a 16x16 one. */
  readonly rows: Buffer;
}

/**
 * Packs the lines `CODEPOINT:ROWS` of a .hex file of GNU Unifont for the program. Under brotli: the number of runs;
 * for each the first code point, how many follow each other, and bytes a glyph (16 or 32), all numbers of 32 bits,
 * little-endian; then the glyphs of all runs.
 */
export function packFont(hex: string): Buffer {
  const runs = runsOf(readGlyphs(hex));
  const head = Buffer.alloc(4 + runs.length * 12);
  head.writeUInt32LE(runs.length);
  runs.forEach((run, index) => {
    const [first] = run;
    if (first === undefined) return;
    head.writeUInt32LE(first.codePoint, 4 + index * 12);
    head.writeUInt32LE(run.length, 8 + index * 12);
    head.writeUInt32LE(first.rows.length, 12 + index * 12);
  });
  const whole = Buffer.concat([head, ...runs.flat().map(({ rows }) => rows)]);
  return brotliCompressSync(whole, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: whole.length,
    },
  });
}

function readGlyphs(hex: string): readonly Glyph[] {
  return hex
    .split('\n')
    .flatMap((line) => {
      const [, codePoint, rows] = /^([0-9A-F]{4,6}):([0-9A-F]{32}|[0-9A-F]{64})$/.exec(line.trim()) ?? [];
      if (codePoint === undefined || rows === undefined) return [];
      return [{ codePoint: Number.parseInt(codePoint, 16), rows: Buffer.from(rows, 'hex') }];
    })
    .filter(({ codePoint }) => isWanted(codePoint))
    .toSorted((left, right) => left.codePoint - right.codePoint);
}

/** Unifont draws the number of a code point that stands for nothing: such a one is left out. */
function isWanted(codePoint: number): boolean {
  return (
    ranges.some(([first, last]) => first <= codePoint && codePoint <= last) &&
    !/\p{Cn}/u.test(String.fromCodePoint(codePoint))
  );
}

function runsOf(glyphs: readonly Glyph[]): readonly Glyph[][] {
  const runs: Glyph[][] = [];
  for (const glyph of glyphs) {
    const last = runs.at(-1)?.at(-1);
    const follows = last?.codePoint === glyph.codePoint - 1 && last.rows.length === glyph.rows.length;
    if (follows) runs.at(-1)?.push(glyph);
    else runs.push([glyph]);
  }
  return runs;
}
