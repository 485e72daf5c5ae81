import { graphemesOf, widthOf } from './width.ts';
import { printable } from './printable.ts';

/** A way to make text stand out. */
export type Style = 'bold' | 'dim' | 'inverse' | 'red' | 'green' | 'yellow';
export type Paint = (style: Style, text: string) => string;

/** One column of a table over rows of T. */
export interface TableColumn<T> {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** 1 is the most important. Where the terminal is too narrow the least important columns go first. */
  readonly priority: number;
  /** The width in terminal cells that it may be cut to. Infinity: it is never cut. */
  readonly least: number;
  /** Where it is cut: names that differ in their last characters are cut in the middle. */
  readonly cut?: 'end' | 'middle' | undefined;
  readonly text: (row: T) => string;
  readonly style?: ((row: T) => Style | null) | undefined;
}

export interface TableLook<T> {
  /** Null: as wide as it gets. */
  readonly width: number | null;
  readonly paint: Paint;
  /** Hears of the columns that the width has no room for. */
  readonly dropped?: ((titles: readonly string[]) => void) | undefined;
  /** Lines below a row. They are not cut: they hold what must be read whole. */
  readonly below?: ((row: T) => readonly string[]) | undefined;
}

const gap = '  ';

/** The table as lines, each ended by a line feed, its header first. */
export function renderTable<T>(columns: readonly TableColumn<T>[], rows: readonly T[], look: TableLook<T>): string {
  const full = columns.map((column) => ({ column, cells: rows.map((row) => printable(column.text(row)) || '-') }));
  const shown = fit(
    full.map(({ column, cells }) => {
      const natural = [column.title, ...cells].reduce((width, cell) => Math.max(width, widthOf(cell)), 0);
      return { column, cells, natural, least: Math.min(natural, column.least), given: natural };
    }),
    look.width,
  );
  const dropped = columns.filter((column) => !shown.some((fitted) => fitted.column === column));
  if (dropped.length > 0) look.dropped?.(dropped.map(({ title }) => title));
  const line = (cell: (fitted: Fitted<T>) => string): string => `${shown.map(cell).join(gap).trimEnd()}\n`;
  const header = line((fitted) => {
    const title = padded(fitted.column.title, fitted);
    return title.trim() === '' ? title : look.paint('bold', title);
  });
  const body = rows.map((row, index) => {
    const text = line((fitted) => {
      const cell = padded(fitted.cells[index] ?? '', fitted);
      const style = fitted.column.style?.(row) ?? null;
      return style === null || cell.trim() === '' ? cell : look.paint(style, cell);
    });
    const below = look.below?.(row) ?? [];
    return text + below.map((one) => `    ${look.paint('yellow', printable(one))}\n`).join('');
  });
  return header + body.join('');
}

interface Fitted<T> {
  readonly column: TableColumn<T>;
  readonly cells: readonly string[];
  readonly natural: number;
  readonly least: number;
  /** The width it gets. */
  given: number;
}

/**
 * Drops the least important columns until the rest fits when cut, then gives the room that is left to the narrowest
 * of the cut ones, cell by cell: one long name does not take it from all others.
 */
function fit<T>(columns: readonly Fitted<T>[], width: number | null): readonly Fitted<T>[] {
  if (width === null) return columns;
  let shown = [...columns];
  const needed = (): number =>
    shown.reduce((sum, { least }) => sum + least, 0) + gap.length * Math.max(0, shown.length - 1);
  while (shown.length > 1 && needed() > width) {
    const last = shown.reduce((worst, one) => (one.column.priority >= worst.column.priority ? one : worst));
    shown = shown.filter((one) => one !== last);
  }
  for (const one of shown) one.given = one.least;
  for (let room = width - needed(); room > 0; room -= 1) {
    const cut = shown.filter(({ given, natural }) => given < natural);
    const [first, ...others] = cut;
    if (first === undefined) break;
    others.reduce((narrowest, one) => (one.given < narrowest.given ? one : narrowest), first).given += 1;
  }
  return shown;
}

function padded<T>(text: string, { column, given }: Fitted<T>): string {
  const cut = column.cut === 'middle' ? cutInMiddle(text, given) : cutTo(text, given);
  const space = ' '.repeat(Math.max(0, given - widthOf(cut)));
  return column.align === 'right' ? space + cut : cut + space;
}

/** The text in at most `width` terminal cells, with `…` where something was cut off. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const grapheme of graphemesOf(text)) {
    const more = widthOf(grapheme);
    if (used + more > width - 1) break;
    kept += grapheme;
    used += more;
  }
  return `${kept}…`;
}

const escape = '\u001b';
const painted = new RegExp(String.raw`(${escape}\[[\d;]*m)`);

/** The same for text that was painted: what paints it stays, so that nothing after it is painted too. */
export function cutPainted(text: string, width: number): string {
  let room = width;
  const parts = text.split(painted).map((part) => {
    if (painted.test(part) || room <= 0) return painted.test(part) ? part : '';
    const cut = cutTo(part, room);
    room -= cut === part ? widthOf(part) : room;
    return cut;
  });
  return parts.join('');
}

/** The text in at most `width` terminal cells, with its beginning and its end kept. */
export function cutInMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const tail = [...graphemesOf(text)];
  const kept: string[] = [];
  let room = Math.floor((width - 1) / 2);
  for (let last = tail.pop(); last !== undefined && widthOf(last) <= room; last = tail.pop()) {
    kept.unshift(last);
    room -= widthOf(last);
  }
  const end = kept.join('');
  return cutTo(text, width - widthOf(end)) + end;
}
