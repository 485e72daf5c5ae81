import type { Colour } from '../../../wire/x11/pixel.ts';
import type { Bitmap } from '../../../wire/x11/put-image.ts';
import type { Rectangle } from '../../../wire/x11/rectangle.ts';
import { cellLine, clipped, undrawable } from './cells.ts';
import type { Layout, PlacedButton, PlacedText } from './layout.ts';
import { textBitmap } from './raster.ts';

/** One thing to draw; x and y are in pixels within the window. */
export type Shape =
  | { readonly kind: 'fill'; readonly colour: Colour; readonly areas: readonly Rectangle[] }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly bitmap: Bitmap;
      readonly colour: Colour;
      readonly behind: Colour;
    };

/** Light and dark are so far apart that black and white alone still show everything. */
export const palette = {
  paper: [246, 246, 244],
  ink: [26, 26, 26],
  strip: [31, 59, 94],
  stripInk: [255, 255, 255],
  edge: [31, 59, 94],
  countdown: [140, 20, 20],
  button: [225, 228, 232],
  buttonEdge: [98, 104, 112],
  pressed: [190, 199, 210],
  focus: [21, 92, 170],
} as const satisfies Record<string, Colour>;

/** What of a box changes while it is on the screen. */
export interface Look {
  /** The button that Return would press, counted from 0; null while the keyboard is elsewhere. */
  readonly focus: number | null;
  /** The button that is held down. */
  readonly pressed: number | null;
  readonly countdown: string | null;
}

/** The whole box. */
export function picture(layout: Layout, look: Look): readonly Shape[] {
  const { width, height } = layout.window;
  const whole = { x: 0, y: 0, width, height };
  return [
    { kind: 'fill', colour: palette.paper, areas: [whole] },
    { kind: 'fill', colour: palette.strip, areas: [layout.strip] },
    { kind: 'fill', colour: palette.edge, areas: frame(whole, layout.scale) },
    ...text(layout, layout.title, palette.stripInk, palette.strip),
    ...layout.lines.flatMap((line) => text(layout, line, palette.ink, palette.paper)),
    ...countdownPicture(layout, look.countdown),
    ...buttonsPicture(layout, look),
  ];
}

/** The countdown's line alone. A line that cannot be drawn leaves its place empty. */
export function countdownPicture(layout: Layout, countdown: string | null): readonly Shape[] {
  const { countdown: area, scale } = layout;
  if (area === null || countdown === null) return [];
  const clear: Shape = { kind: 'fill', colour: palette.paper, areas: [area] };
  if (undrawable(countdown).length > 0) return [clear];
  const cells = clipped(cellLine(countdown), area.width / (8 * scale));
  return [clear, ...text(layout, { x: area.x, y: area.y, cells }, palette.countdown, palette.paper)];
}

/** The buttons alone. */
export function buttonsPicture(layout: Layout, look: Look): readonly Shape[] {
  return layout.buttons.flatMap((button, index) =>
    buttonPicture(layout, button, index === look.focus, index === look.pressed),
  );
}

function buttonPicture(
  layout: Layout,
  { area, label }: PlacedButton,
  focused: boolean,
  pressed: boolean,
): readonly Shape[] {
  const face = pressed ? palette.pressed : palette.button;
  const edge: Shape = focused
    ? { kind: 'fill', colour: palette.focus, areas: frame(area, 3 * layout.scale) }
    : { kind: 'fill', colour: palette.buttonEdge, areas: frame(area, layout.scale) };
  return [{ kind: 'fill', colour: face, areas: [area] }, edge, ...text(layout, label, palette.ink, face)];
}

function text({ scale }: Layout, { x, y, cells }: PlacedText, colour: Colour, behind: Colour): readonly Shape[] {
  if (cells.length === 0) return [];
  return [{ kind: 'text', x, y, bitmap: textBitmap(cells, scale), colour, behind }];
}

/** Four bars within a rectangle's edges. */
function frame({ x, y, width, height }: Rectangle, thick: number): readonly Rectangle[] {
  return [
    { x, y, width, height: thick },
    { x, y: y + height - thick, width, height: thick },
    { x, y: y + thick, width: thick, height: height - 2 * thick },
    { x: x + width - thick, y: y + thick, width: thick, height: height - 2 * thick },
  ];
}
