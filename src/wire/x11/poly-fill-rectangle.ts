import type { Rectangle } from './rectangle.ts';
import { card16, card32, request } from './request.ts';

/** PolyFillRectangle (X Window System Protocol, Requests; opcode 70): fills rectangles with the context's foreground. */
export function fillRectangles(drawable: number, context: number, rectangles: readonly Rectangle[]): Uint8Array {
  const corners = rectangles.flatMap(({ x, y, width, height }) => [x, y, width, height]);
  return request(70, 0, card32(drawable, context), card16(...corners));
}
