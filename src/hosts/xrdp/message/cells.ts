import { UsherError } from '../../../sessions/errors.ts';
import { type Glyph, glyphOf } from './font.ts';

/** One place of a line: a character and the marks over it. */
export interface Cell {
  readonly text: string;
  /** Drawn over each other. */
  readonly glyphs: readonly Glyph[];
  /** In columns of 8 pixels. */
  readonly width: 1 | 2;
}

/** Variation selectors of text and emoji, word joiner, zero width space, byte order mark, soft hyphen: they are nothing to see. */
const invisible = /[\ufe0e\ufe0f\u2060\u200b\ufeff\u00ad]/u;
const mark = /\p{M}/u;
const tab = '    ';

/** The form in which text is drawn: composed, with `\n` alone as the end of a line, and spaces for tabs. */
function drawnForm(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n').replaceAll('\t', tab);
}

/**
 * The characters of a text that cannot be drawn, each once: those without a glyph, and with that every script that is
 * written from right to left or whose letters change their shape. A text that has any is not shown at all.
 */
export function undrawable(text: string): readonly string[] {
  const missing = [...drawnForm(text)].filter(
    (character) => character !== '\n' && !invisible.test(character) && glyphOf(character.codePointAt(0) ?? 0) === null,
  );
  return [...new Set(missing)];
}

/** The lines of a text, in cells. Throws where {@link undrawable} finds anything in it. */
export function cellLines(text: string): readonly (readonly Cell[])[] {
  return drawnForm(text)
    .split('\n')
    .map((line) => cellsOf(line));
}

function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  for (const character of line) {
    if (invisible.test(character)) continue;
    const glyph = glyphOf(character.codePointAt(0) ?? 0);
    if (glyph === null) {
      throw new UsherError({ code: 'unsupported', message: `'${character}' cannot be drawn in a message box` });
    }
    const under = mark.test(character) ? cells.pop() : undefined;
    if (under === undefined) cells.push({ text: character, glyphs: [glyph], width: glyph.width });
    else cells.push({ ...under, text: under.text + character, glyphs: [...under.glyphs, glyph] });
  }
  return cells;
}

/** One line whatever is in the text, for a title or a label. */
export function cellLine(text: string): readonly Cell[] {
  return cellLines(text.replace(/\s*[\r\n]+\s*/g, ' ')).flat();
}

/** In columns of 8 pixels. */
export function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

/** The same cells where they fit into so many columns; otherwise as many as do with an ellipsis after them. */
export function clipped(cells: readonly Cell[], columns: number): readonly Cell[] {
  return widthOf(cells) <= columns ? cells : withEllipsis(cells, columns, '…');
}

/** As many cells as fit into so many columns with this ellipsis after them. */
export function withEllipsis(cells: readonly Cell[], columns: number, sign: '…' | ' …'): readonly Cell[] {
  const ellipsis = cellLine(sign);
  const kept: Cell[] = [];
  for (const cell of cells) {
    if (widthOf([...kept, cell, ...ellipsis]) > columns) break;
    kept.push(cell);
  }
  while (kept.at(-1)?.text === ' ') kept.pop();
  return [...kept, ...ellipsis];
}
