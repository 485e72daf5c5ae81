import { expect, test } from 'vitest';
import { cellLine, cellLines, clipped, undrawable, widthOf } from './cells.ts';
import { textBitmap } from './raster.ts';

const textOf = (text: string): string =>
  cellLine(text)
    .map((cell) => cell.text)
    .join('|');

test.each([
  'Your session ends at 17:00 — save your work!',
  'Größe, naïveté, œuvre, Łódź, İstanbul, Tiếng Việt',
  'Ελληνικά, кириллица, Հայերեն, ქართული',
  '→ ✓ ⚠ € “…” ½ ≤ ©',
  'セッション、終了。ぁァー「漢字」',
  '会话即将结束，請儲存',
  '세션이 곧 종료됩니다',
  'tabs\tand\r\nline\nends',
])('%j can be drawn', (text) => {
  expect(undrawable(text)).toEqual([]);
});

test.each([
  ['שלום a שלום', ['ש', 'ל', 'ו', 'ם']],
  ['مرحبا', ['م', 'ر', 'ح', 'ب', 'ا']],
  ['हिन्दी', ['ह', 'ि', 'न', '्', 'द', 'ी']],
  ['ไทย', ['ไ', 'ท', 'ย']],
  ['done 🎉🎉', ['🎉']],
  ['a\u202eb\u0007c\u200dd', ['\u202e', '\u0007', '\u200d']],
  ['half \ud83c', ['\ud83c']],
  ['\u0378', ['\u0378']],
])('what of %j cannot be drawn is listed, each once', (text, missing) => {
  expect(undrawable(text)).toEqual(missing);
});

test('text that cannot be drawn makes no cells', () => {
  expect(() => cellLines('ש')).toThrow(expect.objectContaining({ code: 'unsupported' }));
});

test('letters with marks are one cell, composed or not', () => {
  expect(textOf('e\u0301')).toBe('é');
  expect(textOf('q\u0307a')).toBe('q\u0307|a');
  expect(textOf('\u0307a')).toBe('\u0307|a');
  expect(textOf('\u1112\u1161\u11ab')).toBe('한');
});

test('what is nothing to see takes no place', () => {
  expect(textOf('a\u00ad\u200b⚠\ufe0f\ufeff')).toBe('a|⚠');
});

test('a title is one line', () => {
  expect(textOf('a \n b')).toBe('a| |b');
});

test('ideographs are two columns wide', () => {
  expect(widthOf(cellLine('a漢か한'))).toBe(7);
});

test('what does not fit ends with an ellipsis', () => {
  const shown = (text: string, columns: number): string =>
    clipped(cellLine(text), columns)
      .map((cell) => cell.text)
      .join('');
  expect(shown('abcdef', 6)).toBe('abcdef');
  expect(shown('abcdef', 5)).toBe('abcd…');
  expect(shown('ab cdef', 4)).toBe('ab…');
  expect(shown('漢字漢字', 6)).toBe('漢字…');
});

/** One character a pixel. */
function drawn(text: string, scale: number): readonly string[] {
  const { width, height, bits } = textBitmap(cellLine(text), scale);
  const pixel = (x: number, y: number): boolean => ((bits[(y * width + x) >> 3] ?? 0) & (0x80 >> (x & 7))) !== 0;
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (pixel(x, y) ? '#' : '.')).join(''),
  );
}

test('glyphs stand side by side, with their marks above them', () => {
  expect(drawn('q\u0307文', 1)).toMatchInlineSnapshot(`
    [
      "..............#.........",
      "...##..........#........",
      "...##..........#........",
      "........###############.",
      "...........#.......#....",
      "...........#.......#....",
      "..###.#.....#.....#.....",
      ".#...##.....#.....#.....",
      ".#....#......#...#......",
      ".#....#.......#.#.......",
      ".#....#........#........",
      ".#....#.......#.#.......",
      ".#...##......#...#......",
      "..###.#.....#.....#.....",
      "......#...##.......##...",
      "......#.##...........##.",
    ]
  `);
});

test('enlarged, each pixel is a square', () => {
  const once = drawn('Ä', 1);
  const twice = drawn('Ä', 2);
  expect(twice).toEqual(
    once.flatMap((row) => {
      const wide = [...row].map((pixel) => pixel.repeat(2)).join('');
      return [wide, wide];
    }),
  );
});
