import type { Rectangle } from '../../../wire/x11/rectangle.ts';
import { type Cell, cellLine, cellLines, clipped, widthOf } from './cells.ts';
import type { BoxContent } from './content.ts';
import { cutAfter, wrap } from './wrap.ts';

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A line of text and its upper left corner, in pixels within the window. */
export interface PlacedText {
  readonly x: number;
  readonly y: number;
  readonly cells: readonly Cell[];
}

export interface PlacedButton {
  readonly area: Rectangle;
  readonly label: PlacedText;
}

/** Where everything of a box is. */
export interface Layout {
  /** Screen pixels to one pixel of the font. */
  readonly scale: number;
  /** On the screen. Everything else is within it. */
  readonly window: Rectangle;
  readonly strip: Rectangle;
  readonly title: PlacedText;
  readonly lines: readonly PlacedText[];
  /** Where the countdown is; null where there is none. */
  readonly countdown: Rectangle | null;
  readonly buttons: readonly PlacedButton[];
}

/** All in pixels of the font, but for lines and columns. */
const padding = 20;
const stripHeight = 28;
const lineHeight = 20;
const textHeight = 16;
const buttonHeight = 32;
const buttonPadding = 16;
const buttonGap = 12;
const columnWidth = 8;
const mostColumns = 60;
const leastColumns = 30;
const mostLines = 20;
/** Characters of a text that are laid out: more than so many lines take. */
const mostText = 8000;
/** How much of the screen's width a box takes at most. */
const mostOfWidth = 0.94;

/** Enlargements, best first: from which width of the screen in pixels, and for how much of its height at most. */
const enlargements = [
  { scale: 3, from: 3200, share: 0.8 },
  { scale: 2, from: 1600, share: 0.8 },
  { scale: 2, from: 1000, share: 0.5 },
] as const;

/** Lays a box out for this screen. `countdown` is the countdown's line now, which makes room for later ones. */
export function layOut(content: BoxContent, screen: Size, countdown: string | null): Layout {
  for (const { scale, share } of enlargements.filter(({ from }) => screen.width >= from)) {
    const { layout, whole } = atScale(content, screen, countdown, scale);
    if (whole && layout.window.height <= share * screen.height) return layout;
  }
  return atScale(content, screen, countdown, 1).layout;
}

interface Measured {
  /** The widest line, in columns. */
  readonly columns: number;
  readonly title: readonly Cell[];
  readonly lines: readonly (readonly Cell[])[];
  readonly labels: readonly (readonly Cell[])[];
  readonly stacked: boolean;
  readonly hasCountdown: boolean;
}

function atScale(
  content: BoxContent,
  screen: Size,
  countdown: string | null,
  scale: number,
): { readonly layout: Layout; readonly whole: boolean } {
  const fitting = Math.floor(((screen.width / scale) * mostOfWidth - 2 * padding) / columnWidth);
  const most = Math.max(4, Math.min(mostColumns, fitting));
  const lines = wrap(cellLines(content.text.trimEnd().slice(0, mostText)), most);
  const measured = measure(content, lines, countdown, most);
  const around = heightOf({ ...measured, lines: [] });
  const room = Math.max(1, Math.min(mostLines, Math.floor((screen.height / scale - around) / lineHeight)));
  const kept = { ...measured, lines: cutAfter(lines, room, most) };
  return { layout: place(kept, screen, scale), whole: lines.length <= room };
}

function measure(
  content: BoxContent,
  lines: readonly (readonly Cell[])[],
  countdown: string | null,
  most: number,
): Measured {
  const title = clipped(cellLine(content.title), most);
  const labels = content.buttons.map(({ label }) => clipped(cellLine(label), most - (2 * buttonPadding) / columnWidth));
  const row = labels.reduce((sum, label) => sum + buttonWidth(label) + buttonGap, -buttonGap) / columnWidth;
  const stacked = row > most;
  const asked = [title, ...lines, countdown === null ? [] : cellLine(countdown)].map(widthOf);
  const widest = Math.max(leastColumns, stacked ? most : Math.ceil(row), ...asked);
  return { columns: Math.min(most, widest), title, lines, labels, stacked, hasCountdown: countdown !== null };
}

const buttonWidth = (label: readonly Cell[]): number => widthOf(label) * columnWidth + 2 * buttonPadding;

function heightOf({ lines, labels, stacked, hasCountdown }: Measured): number {
  const rows = labels.length === 0 ? 0 : stacked ? labels.length : 1;
  const buttons = rows === 0 ? 0 : padding + rows * (buttonHeight + buttonGap) - buttonGap;
  return stripHeight + padding + lines.length * lineHeight + (hasCountdown ? lineHeight * 1.5 : 0) + buttons + padding;
}

function place(measured: Measured, screen: Size, scale: number): Layout {
  const width = measured.columns * columnWidth + 2 * padding;
  const height = heightOf(measured);
  const window = centred(screen, { width: width * scale, height: height * scale });
  const scaled = ({ x, y, width, height }: Rectangle): Rectangle => ({
    x: x * scale,
    y: y * scale,
    width: width * scale,
    height: height * scale,
  });
  const put = (cells: readonly Cell[], x: number, y: number): PlacedText => ({ x: x * scale, y: y * scale, cells });
  const top = stripHeight + padding + (lineHeight - textHeight) / 2;
  const below = top + measured.lines.length * lineHeight + lineHeight / 2;
  return {
    scale,
    window,
    strip: scaled({ x: 0, y: 0, width, height: stripHeight }),
    title: put(measured.title, padding, (stripHeight - textHeight) / 2),
    lines: measured.lines.map((cells, index) => put(cells, padding, top + index * lineHeight)),
    countdown: measured.hasCountdown
      ? scaled({ x: padding, y: below, width: width - 2 * padding, height: textHeight })
      : null,
    buttons: buttonAreas(measured, width, height).map(({ area, cells }) => {
      const x = area.x + Math.floor((area.width - widthOf(cells) * columnWidth) / 2);
      return { area: scaled(area), label: put(cells, x, area.y + (buttonHeight - textHeight) / 2) };
    }),
  };
}

/** In a row that ends at the right, or below each other where a row is too wide. */
function buttonAreas(
  { labels, stacked }: Measured,
  width: number,
  height: number,
): readonly { readonly area: Rectangle; readonly cells: readonly Cell[] }[] {
  const lowest = height - padding - buttonHeight;
  if (stacked) {
    return labels.map((cells, index) => {
      const y = lowest - (labels.length - 1 - index) * (buttonHeight + buttonGap);
      return { area: { x: padding, y, width: width - 2 * padding, height: buttonHeight }, cells };
    });
  }
  let right = width - padding;
  return labels
    .toReversed()
    .map((cells) => {
      const area = { x: right - buttonWidth(cells), y: lowest, width: buttonWidth(cells), height: buttonHeight };
      right = area.x - buttonGap;
      return { area, cells };
    })
    .toReversed();
}

/** In the middle, with a third of what is free above it. What does not fit is lost above: the buttons are below. */
function centred(screen: Size, { width, height }: Size): Rectangle {
  return {
    x: Math.max(0, Math.floor((screen.width - width) / 2)),
    y: Math.min(Math.max(0, Math.floor((screen.height - height) / 3)), Math.floor(screen.height - height)),
    width,
    height,
  };
}

/** The button at this point of the window, counted from 0; null where there is none. */
export function buttonAt({ buttons }: Layout, x: number, y: number): number | null {
  const hit = buttons.findIndex(
    ({ area }) => x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height,
  );
  return hit < 0 ? null : hit;
}
