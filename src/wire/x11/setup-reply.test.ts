import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { resourceId, takeSetupReply } from './setup-reply.ts';
import { recordedBytes } from './testing/vectors.ts';
import { runs } from '../testing/runs.ts';

function setupOf(name: Parameters<typeof recordedBytes>[0]): Uint8Array {
  const bytes = recordedBytes(name);
  const taken = takeSetupReply(bytes);
  return bytes.slice(0, bytes.length - (taken?.rest.length ?? 0));
}

const whole = setupOf('xvfb-24-click');

function complaint(bytes: Uint8Array): string | null {
  try {
    takeSetupReply(bytes);
    return null;
  } catch (error) {
    if (error instanceof UsherError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const changed = (...changes: readonly (readonly [at: number, value: number])[]): Uint8Array => {
  const bytes = whole.slice();
  for (const [at, value] of changes) bytes[at] = value;
  return bytes;
};

test('Xvfb of 24 bits is understood', () => {
  expect(takeSetupReply(whole)).toMatchObject({
    setup: {
      resourceIdMask: 0x1fffff,
      bitmapFormat: { byteOrder: 'least first', bitOrder: 'least first', unit: 32, pad: 32 },
      minKeycode: 8,
      maxKeycode: 255,
      screen: { width: 1024, height: 768, depth: 24, masks: { red: 0xff0000, green: 0xff00, blue: 0xff } },
    },
  });
});

test('Xvfb of 16 bits, and of 8 with a palette', () => {
  expect(takeSetupReply(setupOf('xvfb-16-keyboard'))?.setup.screen).toMatchObject({
    depth: 16,
    masks: { red: 0xf800, green: 0x7e0, blue: 0x1f },
  });
  expect(takeSetupReply(setupOf('xvfb-8-closed'))?.setup.screen).toMatchObject({
    width: 640,
    height: 480,
    depth: 8,
    masks: null,
    blackPixel: 0,
    whitePixel: 1,
  });
});

test('what follows is left, and what is not whole is waited for', () => {
  expect(takeSetupReply(new Uint8Array([...whole, 7]))?.rest).toEqual(new Uint8Array([7]));
  for (let length = 0; length < whole.length; length++) expect(takeSetupReply(whole.subarray(0, length))).toBeNull();
});

test('a refusal is told with its reason, without what a terminal would obey', () => {
  const reason = new TextEncoder().encode('No\x1b[2J way\n');
  const bytes = new Uint8Array(20);
  bytes.set([0, reason.length, 11, 0, 0, 0, 3, 0]);
  bytes.set(reason, 8);
  expect(complaint(bytes)).toBe('access_denied: the X server refused the connection: No [2J way');
  expect(complaint(new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0]))).toMatch(/^access_denied: .* authentication$/);
  expect(complaint(new Uint8Array([0, 200, 0, 0, 0, 0, 0, 0]))).toBe(
    'access_denied: the X server refused the connection',
  );
});

test.each<[string, Uint8Array]>([
  ['success', changed([0, 9])],
  ['protocol-major-version', changed([2, 10])],
  ['resource-id-mask', changed([16, 0xfd])],
  ['resource-id-base', changed([12, 1])],
  ['maximum-request-length', changed([26, 0], [27, 1])],
  ['number of screens', changed([28, 0])],
  ['image-byte-order', changed([30, 2])],
  ['bitmap-format-bit-order', changed([31, 7])],
  ['bitmap-format-scanline-unit', changed([32, 24])],
  ['bitmap-format-scanline-unit', changed([33, 8])],
  ['bitmap-format-scanline-pad', changed([33, 0])],
  ['min-keycode', changed([34, 0])],
  ['width-in-pixels', changed([29, 0])],
  ['maximum-request-length', changed([6, 4], [7, 0])],
])('a wrong %s is named', (field, bytes) => {
  expect(complaint(bytes)).toContain(`bad_answer: the X server's setup reply: ${field} `);
});

test('a reply that is cut off within is a bad answer, wherever that is', () => {
  for (let units = 1; units < whole.length / 4 - 2; units++) {
    const cut = whole.slice(0, 8 + units * 4);
    cut.set([units & 0xff, units >> 8], 6);
    const said = complaint(cut);
    expect(said === null || said.startsWith("bad_answer: the X server's setup reply: ")).toBe(true);
  }
});

test('random changes are understood or a bad answer', () => {
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const said = complaint(changed(...changes));
      expect(said ?? 'bad_answer: the X server').toMatch(/^(bad_answer|access_denied): the X server/);
    }),
    { numRuns: runs(2000) },
  );
});

test('resource ids stay within their mask', () => {
  const setup = takeSetupReply(whole)?.setup;
  expect(setup && resourceId(setup, 2) - setup.resourceIdBase).toBe(2);
  expect(setup && resourceId({ ...setup, resourceIdBase: 0x80000000, resourceIdMask: 0x7fffff00 }, 2)).toBe(0x80000200);
});
