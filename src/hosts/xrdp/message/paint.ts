import { changeInks } from '../../../wire/x11/graphics-context.ts';
import { pixelOf } from '../../../wire/x11/pixel.ts';
import { fillRectangles } from '../../../wire/x11/poly-fill-rectangle.ts';
import { putBitmap } from '../../../wire/x11/put-image.ts';
import type { Setup } from '../../../wire/x11/setup-reply.ts';
import type { Shape } from './picture.ts';

/** The window that is drawn on, and the context that it is drawn with. */
export interface Canvas {
  readonly setup: Setup;
  readonly window: number;
  readonly context: number;
}

/** The requests that draw shapes, each over those before it. */
export function paint({ setup, window, context }: Canvas, shapes: readonly Shape[]): readonly Uint8Array[] {
  return shapes.flatMap((shape) => {
    const foreground = pixelOf(setup.screen, shape.colour);
    if (shape.kind === 'fill') {
      return [
        changeInks(context, { foreground, background: foreground }),
        fillRectangles(window, context, shape.areas),
      ];
    }
    const { x, y, bitmap } = shape;
    return [
      changeInks(context, { foreground, background: pixelOf(setup.screen, shape.behind) }),
      putBitmap({ drawable: window, context, x, y, bitmap }, setup.bitmapFormat),
    ];
  });
}
