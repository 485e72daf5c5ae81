import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rectangle } from '../../../wire/x11/rectangle.ts';
import { type Layout, buttonAt, layOut } from './layout.ts';
import { contentOf } from './testing/content.ts';

const long = Array.from({ length: 40 }, (_, index) => `Line ${index + 1}`).join('\n');
const screen = (width: number, height: number): { width: number; height: number } => ({ width, height });
const shown = ({ lines }: Layout): readonly string[] =>
  lines.map(({ cells }) => cells.map(({ text }) => text).join(''));

function within(inner: Rectangle, outer: { width: number; height: number }): boolean {
  return inner.x >= 0 && inner.y >= 0 && inner.x + inner.width <= outer.width && inner.y + inner.height <= outer.height;
}

test('a box stands in the middle, a third of the free height above it', () => {
  const { window } = layOut(contentOf(), screen(1920, 1080), null);
  expect(window.x).toBe((1920 - window.width) / 2);
  expect(window.y).toBe(Math.floor((1080 - window.height) / 3));
});

test.each([
  [640, 480, 1],
  [800, 600, 1],
  [1024, 768, 2],
  [1600, 1200, 2],
  [1920, 1080, 2],
  [3840, 2160, 3],
])('on %d x %d a short text is drawn %d times as big', (width, height, scale) => {
  expect(layOut(contentOf(), screen(width, height), null).scale).toBe(scale);
});

test('a long text is drawn smaller before it is cut', () => {
  const text = Array.from({ length: 15 }, (_, index) => `Line ${index + 1}`).join('\n');
  expect(layOut(contentOf({ text }), screen(1600, 1200), null).scale).toBe(2);
  const small = layOut(contentOf({ text }), screen(1600, 900), null);
  expect(small.scale).toBe(1);
  expect(shown(small).at(-1)).toBe('Line 15');
});

test('beyond 20 lines, or what the screen takes, it is cut and says so', () => {
  expect(shown(layOut(contentOf({ text: long }), screen(1920, 1080), null))).toHaveLength(20);
  const tiny = layOut(contentOf({ text: long }), screen(640, 480), 'soon');
  expect(tiny.lines.length).toBeLessThan(20);
  expect(shown(tiny).at(-1)).toMatch(/^Line \d+ …$/);
  expect(within(tiny.window, screen(640, 480))).toBe(true);
});

test('buttons stand in a row that ends at the right', () => {
  const { buttons, window, scale } = layOut(contentOf(), screen(1920, 1080), null);
  const [first, second] = buttons.map(({ area }) => area);
  expect(first?.y).toBe(second?.y);
  expect((first?.x ?? 0) + (first?.width ?? 0)).toBeLessThan(second?.x ?? 0);
  expect((second?.x ?? 0) + (second?.width ?? 0)).toBe(window.width - 20 * scale);
});

test('buttons that are too wide for a row stand below each other', () => {
  const buttons = Array.from({ length: 5 }, (_, index) => ({ answer: `${index}`, label: `A long answer ${index}` }));
  const layout = layOut(contentOf({ buttons }), screen(640, 480), null);
  expect(new Set(layout.buttons.map(({ area }) => area.x)).size).toBe(1);
  expect(layout.buttons.map(({ area }) => area.y)).toEqual(
    layout.buttons.map(({ area }) => area.y).toSorted((left, right) => left - right),
  );
});

test('a point hits the button below it, and none between', () => {
  const layout = layOut(contentOf(), screen(1920, 1080), null);
  for (const [index, { area }] of layout.buttons.entries()) {
    expect(buttonAt(layout, area.x, area.y)).toBe(index);
    expect(buttonAt(layout, area.x + area.width - 1, area.y + area.height - 1)).toBe(index);
    expect(buttonAt(layout, area.x + area.width, area.y)).toBeNull();
    expect(buttonAt(layout, area.x, area.y - 1)).toBeNull();
  }
});

test('on any screen from 640x480 everything of a box is within it, and the box on the screen', () => {
  const words = fc.array(fc.constantFrom('a', 'word', '漢字', 'x'.repeat(70), '\n'), { maxLength: 200 });
  const label = fc.constantFrom('OK', '15 minutes more', 'x'.repeat(90), '確認');
  const size = fc.record({ width: fc.integer({ min: 640, max: 8000 }), height: fc.integer({ min: 480, max: 4000 }) });
  const countdown = fc.constantFrom(null, 'in 5 s', 'y'.repeat(200));
  fc.assert(
    fc.property(words, fc.array(label, { maxLength: 4 }), size, countdown, (words, labels, size, countdown) => {
      const buttons = labels.map((label, index) => ({ answer: `${index}`, label }));
      const layout = layOut(contentOf({ text: words.join(' '), buttons }), size, countdown);
      expect(within(layout.window, size)).toBe(true);
      const areas = [...layout.buttons.map(({ area }) => area), ...(layout.countdown ? [layout.countdown] : [])];
      const texts = [layout.title, ...layout.lines, ...layout.buttons.map(({ label }) => label)];
      const lineAreas = texts.map(({ x, y, cells }) => ({
        x,
        y,
        height: 16 * layout.scale,
        width: cells.reduce((sum, { width }) => sum + width, 0) * 8 * layout.scale,
      }));
      for (const area of [...areas, ...lineAreas]) expect(within(area, layout.window)).toBe(true);
    }),
  );
});

test('on a screen that is too small, the buttons stay', () => {
  const { window } = layOut(contentOf(), screen(320, 100), null);
  expect(window.y + window.height).toBe(100);
});
