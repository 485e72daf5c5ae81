import { type Cell, widthOf, withEllipsis } from './cells.ts';

/** Characters beside which a line may end without a space. */
const ideographic = /^[\u2e80-\u2fff\u3001-\u30ff\u3105-\u312f\u31c0-\u9fff\uf900-\ufaff\uff01-\uff65]/u;
/** What no line begins with: closing brackets, stops, small kana, marks of length and repetition. */
const closing = /^[\p{Pe}\p{Pf}!?,.:;%、。・:;?!ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ，．％…‥]/u;
/** What no line ends with. */
const opening = /^[\p{Ps}\p{Pi}]/u;
const letter = /^[\p{L}\p{N}]/u;

/**
 * Lines of so many columns at most: broken at spaces, which then are gone, after a hyphen within a word, and between
 * ideographs and kana; a word that is longer than a line is broken where the line is full.
 */
export function wrap(lines: readonly (readonly Cell[])[], columns: number): readonly (readonly Cell[])[] {
  return lines.flatMap((line) => wrapLine(line, columns));
}

/** So many lines at most. Where there are more, the last that is kept ends with an ellipsis. */
export function cutAfter(
  lines: readonly (readonly Cell[])[],
  most: number,
  columns: number,
): readonly (readonly Cell[])[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), withEllipsis(lines[most - 1] ?? [], columns, ' …')];
}

function wrapLine(line: readonly Cell[], columns: number): readonly (readonly Cell[])[] {
  const lines: (readonly Cell[])[] = [];
  let rest = line;
  for (;;) {
    const full = howManyFit(rest, columns);
    if (full === rest.length) return [...lines, withoutSpaces(rest)];
    const end = whereToBreak(rest, full);
    lines.push(withoutSpaces(rest.slice(0, end)));
    const next = rest.findIndex(({ text }, index) => index >= end && text !== ' ');
    if (next < 0) return lines;
    rest = rest.slice(next);
  }
}

/** One cell at least, so that every line gets on. */
function howManyFit(cells: readonly Cell[], columns: number): number {
  let width = 0;
  const over = cells.findIndex((cell) => {
    width += cell.width;
    return width > columns;
  });
  return over < 0 ? cells.length : Math.max(over, 1);
}

function whereToBreak(cells: readonly Cell[], full: number): number {
  for (let end = full; end > 0; end--) {
    if (mayBreak(cells, end) && widthOf(withoutSpaces(cells.slice(0, end))) > 0) return end;
  }
  return full;
}

/** Whether a line may end before the cell at this place. */
function mayBreak(cells: readonly Cell[], at: number): boolean {
  const before = cells[at - 1]?.text ?? '';
  const after = cells[at]?.text ?? '';
  if (before === ' ' || after === ' ') return true;
  if (closing.test(after) || opening.test(before)) return false;
  if (ideographic.test(before) || ideographic.test(after)) return true;
  return before === '-' && letter.test(cells[at - 2]?.text ?? '') && letter.test(after);
}

function withoutSpaces(cells: readonly Cell[]): readonly Cell[] {
  const last = cells.findLastIndex(({ text }) => text !== ' ');
  return cells.slice(0, last + 1);
}
