import type { Rectangle } from './rectangle.ts';
import { card32, request, valueList } from './request.ts';

const stackModeBit = 0x40;
const above = 0;

/** ConfigureWindow (X Window System Protocol, Requests; opcode 12): puts a window on top of its siblings. */
export function raiseWindow(window: number): Uint8Array {
  return request(12, 0, card32(window), valueList([[stackModeBit, above]]));
}

/** ConfigureWindow: moves a window, sizes it and puts it on top. */
export function placeWindow(window: number, { x, y, width, height }: Rectangle): Uint8Array {
  return request(
    12,
    0,
    card32(window),
    valueList([
      [0x1, x],
      [0x2, y],
      [0x4, width],
      [0x8, height],
      [stackModeBit, above],
    ]),
  );
}
