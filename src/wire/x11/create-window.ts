import type { Rectangle } from './rectangle.ts';
import { card16, card32, request, valueList } from './request.ts';

/** Bits of SETofEVENT (X Window System Protocol, appendix Protocol Encoding, Common Types). */
export const eventMask = {
  keyPress: 0x1,
  buttonPress: 0x4,
  buttonRelease: 0x8,
  exposure: 0x8000,
  visibilityChange: 0x10000,
  structureNotify: 0x20000,
  substructureNotify: 0x80000,
  focusChange: 0x200000,
} as const;

export interface NewWindow extends Rectangle {
  readonly window: number;
  readonly parent: number;
  readonly backgroundPixel: number;
  readonly events: number;
}

const backgroundPixelBit = 0x2;
const overrideRedirectBit = 0x200;
const eventMaskBit = 0x800;
const inputOutput = 1;

/**
 * CreateWindow (X Window System Protocol, Requests; opcode 1): a window of its parent's depth and visual that no window
 * manager lays hands on (override-redirect).
 */
export function createWindow({ window, parent, x, y, width, height, backgroundPixel, events }: NewWindow): Uint8Array {
  return request(
    1,
    0,
    card32(window, parent),
    card16(x, y, width, height, 0, inputOutput),
    card32(0),
    valueList([
      [backgroundPixelBit, backgroundPixel],
      [overrideRedirectBit, 1],
      [eventMaskBit, events],
    ]),
  );
}
