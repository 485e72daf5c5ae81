import { expect, test } from 'vitest';
import { replaceProperty } from './change-property.ts';
import { selectEvents } from './change-window-attributes.ts';
import { placeWindow, raiseWindow } from './configure-window.ts';
import { createWindow, eventMask } from './create-window.ts';
import { destroyWindow } from './destroy-window.ts';
import { changeInks, createGraphicsContext } from './graphics-context.ts';
import { getInputFocus, revertToParent, setInputFocus } from './input-focus.ts';
import { atoms, internAtom } from './intern-atom.ts';
import { getKeyboardMapping } from './keyboard-mapping.ts';
import { mapWindow } from './map-window.ts';
import { fillRectangles } from './poly-fill-rectangle.ts';
import { putBitmap } from './put-image.ts';
import { request } from './request.ts';
import type { BitmapFormat } from './setup-reply.ts';
import { xlibRequests } from './testing/vectors.ts';

const root = 0x50d;
const window = 0x200001;
const context = 0x200002;
const events =
  eventMask.keyPress |
  eventMask.buttonPress |
  eventMask.buttonRelease |
  eventMask.exposure |
  eventMask.visibilityChange |
  eventMask.structureNotify |
  eventMask.focusChange;

const bitmap = { width: 11, height: 3, bits: new Uint8Array([0xb1, 0x60, 0xff, 0xa0, 0x01, 0x20]) };
const put = (format: Partial<BitmapFormat>): Uint8Array =>
  putBitmap(
    { drawable: window, context, x: 20, y: 33, bitmap },
    { byteOrder: 'least first', bitOrder: 'least first', unit: 32, pad: 32, ...format },
  );

const ours: Readonly<Record<string, Uint8Array>> = {
  'create-window': createWindow({
    window,
    parent: root,
    x: -7,
    y: 160,
    width: 512,
    height: 229,
    backgroundPixel: 0xf6f6f4,
    events,
  }),
  'select-events': selectEvents(root, eventMask.structureNotify),
  'change-property': replaceProperty({
    window,
    property: atoms.wmName,
    type: atoms.string,
    value: new TextEncoder().encode('Hello'),
  }),
  'map-window': mapWindow(window),
  'raise-window': raiseWindow(window),
  'place-window': placeWindow(window, { x: 10, y: -20, width: 300, height: 200 }),
  'create-gc': createGraphicsContext(context, window),
  'change-gc': changeInks(context, { foreground: 0x1f3b5e, background: 0xffffff }),
  'fill-rectangles': fillRectangles(window, context, [
    { x: 0, y: 0, width: 512, height: 28 },
    { x: -1, y: 5, width: 40_000, height: 2 },
  ]),
  'put-bitmap': put({}),
  'set-input-focus': setInputFocus({ focus: window, revertTo: revertToParent }, 123_456_789),
  'get-input-focus': getInputFocus(),
  'get-keyboard-mapping': getKeyboardMapping(8, 248),
  'intern-atom': internAtom('_NET_WM_NAME'),
  'destroy-window': destroyWindow(window),
  'put-bitmap, most first': put({ byteOrder: 'most first', bitOrder: 'most first' }),
  'put-bitmap, bytes most first, bits least first': put({ byteOrder: 'most first' }),
  'put-bitmap, unit 16, bits most first': put({ bitOrder: 'most first', unit: 16, pad: 16 }),
};

/** Bytes that mean nothing, and bytes of which only these bits do: Xlib leaves in them what lay in its memory. */
const meant: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  'change-property': { 17: 0, 18: 0, 19: 0, 29: 0, 30: 0, 31: 0 },
  'get-input-focus': { 1: 0 },
  'get-keyboard-mapping': { 1: 0, 6: 0, 7: 0 },
  'intern-atom': { 6: 0, 7: 0 },
  'put-bitmap': { 25: 0x07, 26: 0, 27: 0, 29: 0x07, 30: 0, 31: 0, 33: 0x07, 34: 0, 35: 0 },
  'put-bitmap, most first': { 25: 0xe0, 26: 0, 27: 0, 29: 0xe0, 30: 0, 31: 0, 33: 0xe0, 34: 0, 35: 0 },
  'put-bitmap, bytes most first, bits least first': {
    24: 0,
    25: 0,
    26: 0x07,
    28: 0,
    29: 0,
    30: 0x07,
    32: 0,
    33: 0,
    34: 0x07,
  },
  'put-bitmap, unit 16, bits most first': { 24: 0xe0, 26: 0xe0, 28: 0xe0 },
};

/** Of PutImage. */
const unused: readonly number[] = [22, 23];

function meaning(name: string, bytes: Uint8Array): string {
  const isPut = name.startsWith('put-bitmap');
  const kept = bytes.map((byte, at) => (isPut && unused.includes(at) ? 0 : byte & (meant[name]?.[at] ?? 0xff)));
  return Buffer.from(kept).toString('hex');
}

test.each(Object.entries(xlibRequests()))('%s is what Xlib sends', (name, theirs) => {
  const sent = ours[name];
  expect(sent && meaning(name, sent)).toBe(meaning(name, theirs));
});

test('every request has a vector', () => {
  expect(Object.keys(ours)).toEqual(Object.keys(xlibRequests()));
});

test('bits and bytes that mean nothing are zero', () => {
  for (const [name, bytes] of Object.entries(ours)) {
    expect(Buffer.from(bytes).toString('hex'), name).toBe(meaning(name, bytes));
  }
});

test('a request that is too long for the protocol is not made', () => {
  expect(() => request(72, 0, new Uint8Array(4 * 0xffff))).toThrow(RangeError);
});
