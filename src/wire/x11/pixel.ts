import type { Screen } from './screen.ts';

/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * The pixel value of a colour on the root's visual. On TrueColor it is made of the visual's masks (X Window System
 * Protocol, Connection Setup, Visual Information), and bits of the depth beside them are set: on 32 bits they are the
 * opacity. On any other visual it is the nearer of black and white.
 */
export function pixelOf({ masks, depth, whitePixel, blackPixel }: Screen, [red, green, blue]: Colour): number {
  if (masks === null) return 0.3 * red + 0.59 * green + 0.11 * blue >= 128 ? whitePixel : blackPixel;
  const meant = depth === 32 ? 0xffffffff : 2 ** depth - 1;
  const opaque = meant & ~(masks.red | masks.green | masks.blue);
  return (opaque | share(masks.red, red) | share(masks.green, green) | share(masks.blue, blue)) >>> 0;
}

function share(mask: number, value: number): number {
  const lowest = (mask & -mask) >>> 0;
  return Math.round((value / 255) * (mask / lowest)) * lowest;
}
