import { card32, request, valueList } from './request.ts';

/** Pixels of what is drawn and of what is behind it. */
export interface Inks {
  readonly foreground: number;
  readonly background: number;
}

const foregroundBit = 0x4;
const backgroundBit = 0x8;
const graphicsExposuresBit = 0x10000;

/** CreateGC (X Window System Protocol, Requests; opcode 55), one that makes no GraphicsExposure events. */
export function createGraphicsContext(context: number, drawable: number): Uint8Array {
  return request(55, 0, card32(context, drawable), valueList([[graphicsExposuresBit, 0]]));
}

/** ChangeGC (X Window System Protocol, Requests; opcode 56). */
export function changeInks(context: number, { foreground, background }: Inks): Uint8Array {
  return request(
    56,
    0,
    card32(context),
    valueList([
      [foregroundBit, foreground],
      [backgroundBit, background],
    ]),
  );
}
