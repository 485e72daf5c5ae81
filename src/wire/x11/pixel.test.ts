import { expect, test } from 'vitest';
import { pixelOf } from './pixel.ts';
import type { Screen } from './screen.ts';

const screen = (depth: number, masks: Screen['masks']): Screen => ({
  root: 1,
  width: 640,
  height: 480,
  whitePixel: 7,
  blackPixel: 3,
  depth,
  masks,
});

test('24 and 32 bits hold the colour itself, 32 bits are opaque', () => {
  const masks = { red: 0xff0000, green: 0xff00, blue: 0xff };
  expect(pixelOf(screen(24, masks), [0x12, 0x34, 0x56])).toBe(0x123456);
  expect(pixelOf(screen(32, masks), [0x12, 0x34, 0x56])).toBe(0xff123456);
});

test('blue first, and ten bits a colour', () => {
  expect(pixelOf(screen(24, { red: 0xff, green: 0xff00, blue: 0xff0000 }), [0x12, 0x34, 0x56])).toBe(0x563412);
  expect(pixelOf(screen(30, { red: 0x3ff00000, green: 0xffc00, blue: 0x3ff }), [255, 0, 255])).toBe(0x3ff003ff);
});

test('16 bits take the nearest', () => {
  const masks = { red: 0xf800, green: 0x7e0, blue: 0x1f };
  expect(pixelOf(screen(16, masks), [255, 255, 255])).toBe(0xffff);
  expect(pixelOf(screen(16, masks), [0, 0, 0])).toBe(0);
  expect(pixelOf(screen(16, masks), [128, 128, 128])).toBe((16 << 11) | (32 << 5) | 16);
});

test('without colours of its own, a screen is black and white', () => {
  expect(pixelOf(screen(8, null), [200, 200, 200])).toBe(7);
  expect(pixelOf(screen(8, null), [31, 59, 94])).toBe(3);
});
