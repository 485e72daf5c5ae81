import type { Bitmap } from '../../../wire/x11/put-image.ts';
import { type Cell, widthOf } from './cells.ts';
import { type Glyph, glyphHeight } from './font.ts';

/** One line of text as a picture, each pixel of the font `scale` pixels wide and high. */
export function textBitmap(cells: readonly Cell[], scale: number): Bitmap {
  const width = widthOf(cells) * 8 * scale;
  const height = glyphHeight * scale;
  const bits = new Uint8Array((width / 8) * height);
  let column = 0;
  for (const cell of cells) {
    for (const glyph of cell.glyphs) {
      const shift = column * 8 + (cell.width - glyph.width) * 4;
      drawGlyph(glyph, scale, (x, y) => {
        const at = y * width + shift * scale + x;
        bits[at >> 3] = (bits[at >> 3] ?? 0) | (0x80 >> (at & 7));
      });
    }
    column += cell.width;
  }
  return { width, height, bits };
}

function drawGlyph({ width, rows }: Glyph, scale: number, set: (x: number, y: number) => void): void {
  for (let y = 0; y < glyphHeight * scale; y++) {
    const row = Math.floor(y / scale) * width;
    for (let x = 0; x < width * 8 * scale; x++) {
      const column = Math.floor(x / scale);
      const byte = rows[row + (column >> 3)] ?? 0;
      if ((byte & (0x80 >> (column & 7))) !== 0) set(x, y);
    }
  }
}
