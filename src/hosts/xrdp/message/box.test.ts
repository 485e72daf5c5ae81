import { expect, test } from 'vitest';
import { card32 } from '../../../wire/x11/request.ts';
import { openBox, received, undrawableIn } from './box.ts';
import { contentOf } from './testing/content.ts';
import { Desktop, getInputFocus, opcodes, opcodesOf, putImage, root, setupOf } from './testing/desktop.ts';

const { createWindow, destroyWindow, mapWindow, configureWindow, setInputFocus } = opcodes;
const keycodes = { escape: 9, tab: 23, return: 36, space: 65, left: 113, right: 114 } as const;
const shift = 0x1;
const alt = 0x8;

const errorOf = (name: number, opcode: number): Uint8Array => {
  const error = new Uint8Array(32);
  error.set([0, name]);
  error[10] = opcode;
  return error;
};

test('a window is made and mapped once the server took the connection, however its bytes come', () => {
  const desktop = new Desktop(contentOf());
  const setup = setupOf(1024, 768);
  expect(desktop.receive(setup.subarray(0, 3))).toEqual([]);
  expect(desktop.receive(setup.subarray(3, 700))).toEqual([]);
  const sent = opcodesOf(desktop.receive(setup.subarray(700)));
  expect(sent).toContain(createWindow);
  expect(sent.indexOf(mapWindow)).toBeGreaterThan(sent.indexOf(createWindow));
  expect(desktop.turn.shown).toBe(false);
});

test('it is drawn when the server asks for it, and only then it is shown', () => {
  const desktop = new Desktop(contentOf());
  desktop.receive(setupOf(1024, 768));
  const more = { 16: new Uint8Array([1, 0]) };
  expect(desktop.receive(desktop.event(12, more))).toEqual([]);
  expect(desktop.turn.shown).toBe(false);
  const drawn = opcodesOf(desktop.receive(desktop.event(12)));
  expect(drawn.filter((opcode) => opcode === putImage)).toHaveLength(4);
  expect(desktop.turn.shown).toBe(true);
});

test('a click on a button answers, and takes the box away', () => {
  const desktop = Desktop.showing(contentOf());
  const sent = desktop.click(...desktop.onButton(1));
  expect(desktop.turn.outcome).toEqual({ kind: 'answered', answer: 'now' });
  expect(sent.at(-1)?.opcode).toBe(destroyWindow);
  expect(opcodesOf(sent)).not.toContain(setInputFocus);
});

test('nothing follows an outcome', () => {
  const desktop = Desktop.showing(contentOf({ until: 2_000_000 }));
  desktop.click(...desktop.onButton(1));
  const after = [
    desktop.receive(desktop.event(17)),
    desktop.click(...desktop.onButton(0)),
    desktop.wait(5_000_000),
    desktop.takeBack(),
  ];
  expect(after.flat()).toEqual([]);
  expect(desktop.turn).toMatchObject({ shown: true, outcome: null });
});

test('press and release must be on the same button', () => {
  const desktop = Desktop.showing(contentOf());
  desktop.pointer(4, ...desktop.onButton(0));
  desktop.pointer(5, ...desktop.onButton(1));
  expect(desktop.turn.outcome).toBeNull();
  desktop.pointer(4, 2, 2);
  desktop.pointer(5, ...desktop.onButton(1));
  expect(desktop.turn.outcome).toBeNull();
  desktop.pointer(5, ...desktop.onButton(1));
  expect(desktop.turn.outcome).toBeNull();
});

test.each([2, 3, 4, 5])('pointer button %d does nothing', (button) => {
  const desktop = Desktop.showing(contentOf());
  desktop.pointer(4, ...desktop.onButton(1), button);
  desktop.pointer(5, ...desktop.onButton(1), button);
  expect(desktop.turn.outcome).toBeNull();
});

test('a click within half a second after it appears was meant for something else', () => {
  const desktop = new Desktop(contentOf());
  desktop.receive(setupOf(1024, 768));
  desktop.receive(desktop.event(12));
  desktop.wait(499);
  expect(desktop.click(...desktop.onButton(1))).toEqual([]);
  desktop.wait(1);
  desktop.click(...desktop.onButton(1));
  expect(desktop.turn.outcome).toMatchObject({ kind: 'answered' });
});

test('keys do nothing unless the box was clicked, whatever is below the pointer', () => {
  const desktop = Desktop.showing(contentOf());
  desktop.receive(desktop.event(9, { 1: new Uint8Array([5]) }));
  desktop.receive(desktop.event(9, { 1: new Uint8Array([3]) }));
  expect(desktop.key(keycodes.return)).toEqual(desktop.key(keycodes.space));
  expect(desktop.turn.outcome).toBeNull();
  expect(opcodesOf(desktop.sent)).not.toContain(setInputFocus);
});

test('clicked, it takes the keyboard, and gives it back to who had it', () => {
  const desktop = Desktop.showing(contentOf());
  desktop.giveKeyboard(0xabc);
  const taken = desktop.sent.findLast(({ opcode }) => opcode === setInputFocus);
  expect(taken?.bytes.slice(8)).toEqual(card32(desktop.now));
  const sent = desktop.key(keycodes.return);
  expect(desktop.turn.outcome).toEqual({ kind: 'answered', answer: 'later' });
  expect(opcodesOf(sent)).toEqual([setInputFocus, destroyWindow]);
  expect(sent[0]?.bytes.slice(4, 8)).toEqual(card32(0xabc));
});

test('once the keyboard went elsewhere, it is not taken from there', () => {
  const desktop = Desktop.showing(contentOf());
  desktop.giveKeyboard(0xabc);
  desktop.receive(desktop.event(10, { 1: new Uint8Array([3]) }));
  desktop.key(keycodes.return);
  expect(desktop.turn.outcome).toBeNull();
  expect(opcodesOf(desktop.takeBack())).toEqual([destroyWindow]);
});

test('a click that is dragged out of the box takes nothing', () => {
  const desktop = Desktop.showing(contentOf());
  desktop.pointer(4, 2, 2);
  desktop.pointer(5, -2, 2);
  expect(opcodesOf(desktop.sent)).not.toContain(getInputFocus);
});

test.each<[string, readonly (readonly [keycode: number, state?: number])[], string | null]>([
  ['Tab and Return', [[keycodes.tab], [keycodes.return]], 'now'],
  ['Tab twice and space', [[keycodes.tab], [keycodes.tab], [keycodes.space]], 'later'],
  ['Shift+Tab and Return', [[keycodes.tab, shift], [keycodes.return]], 'now'],
  ['Right, Left and Return', [[keycodes.right], [keycodes.left], [keycodes.return]], 'later'],
  [
    'Left and Return with Num Lock',
    [
      [keycodes.left, 0x10],
      [keycodes.return, 0x10],
    ],
    'now',
  ],
  [
    'Alt+Tab and Alt+Return',
    [
      [keycodes.tab, alt],
      [keycodes.return, alt],
    ],
    null,
  ],
  ['Escape', [[keycodes.escape]], null],
  ['any other key', [[38], [255]], null],
])('%s, where the box has the keyboard', (_, keys, answer) => {
  const desktop = Desktop.showing(contentOf());
  desktop.giveKeyboard(1);
  for (const [keycode, state] of keys) desktop.key(keycode, state);
  expect(desktop.turn.outcome).toEqual(answer === null ? null : { kind: 'answered', answer });
});

test('Escape presses a button that is alone', () => {
  const desktop = Desktop.showing(contentOf({ buttons: [{ answer: 'ok', label: 'OK' }] }));
  desktop.giveKeyboard(1);
  desktop.key(keycodes.escape);
  expect(desktop.turn.outcome).toEqual({ kind: 'answered', answer: 'ok' });
});

test('without buttons, keys and clicks do nothing', () => {
  const desktop = Desktop.showing(contentOf({ buttons: [] }));
  desktop.giveKeyboard(1);
  for (const keycode of Object.values(keycodes)) desktop.key(keycode);
  expect(desktop.turn.outcome).toBeNull();
});

test('the countdown is drawn when it changes, and ends the box', () => {
  const lines: number[] = [];
  const countdown = (seconds: number): string => {
    lines.push(seconds);
    return `${seconds} s left`;
  };
  const desktop = Desktop.showing(contentOf({ until: 1_010_000, countdown }));
  lines.length = 0;
  expect(desktop.wait(400)).toEqual([]);
  expect(opcodesOf(desktop.wait(600))).toContain(putImage);
  expect(lines).toEqual([10, 9]);
  expect(opcodesOf(desktop.wait(10_000))).toEqual([destroyWindow]);
  expect(desktop.turn.outcome).toEqual({ kind: 'timed-out' });
});

test('a countdown that turns into something else than text leaves its place empty', () => {
  const desktop = Desktop.showing(contentOf({ until: 1_099_000, countdown: (left) => (left === 97 ? 'שתי' : 'soon') }));
  expect(opcodesOf(desktop.wait(1000))).not.toContain(putImage);
});

test('time is over for a server that never answers, too', () => {
  const desktop = new Desktop(contentOf({ until: 1_000_500 }));
  expect(desktop.wait(500)).toEqual([]);
  expect(desktop.turn).toMatchObject({ shown: false, outcome: { kind: 'timed-out' } });
});

test('covered, it comes to the top, and does not fight for it', () => {
  const desktop = Desktop.showing(contentOf());
  expect(opcodesOf(desktop.covered(true))).toEqual([configureWindow]);
  desktop.covered(false);
  let raised = 0;
  for (let tenths = 0; tenths < 300; tenths++) {
    raised += desktop.covered(true).length + desktop.wait(100).length;
  }
  expect(raised).toBe(5);
});

test('after a minute of peace it is as quick as at first', () => {
  const desktop = Desktop.showing(contentOf());
  for (let seconds = 0; seconds < 20; seconds++) {
    desktop.covered(true);
    desktop.wait(1000);
  }
  desktop.covered(false);
  desktop.wait(60_000);
  expect(opcodesOf(desktop.covered(true))).toEqual([configureWindow]);
  desktop.covered(true);
  expect(opcodesOf(desktop.wait(1000))).toEqual([configureWindow]);
});

const other = 0x60000a;

test('a new window over it is told nobody under a compositing manager: it comes to the top all the same', () => {
  const desktop = Desktop.showing(contentOf());
  const { x, y } = desktop.layout.window;
  expect(opcodesOf(desktop.newWindow(other, x + 10, y - 50))).toEqual([configureWindow]);
  expect(desktop.newWindow(other + 1, 0, 0)).toEqual([]);
  expect(desktop.wait(5000)).toEqual([]);
});

test('a window that is put above it is followed, and one that moves below it is not', () => {
  const desktop = Desktop.showing(contentOf());
  const { x, y } = desktop.layout.window;
  expect(desktop.restack(other, 0, x, y)).toEqual([]);
  expect(desktop.restack(other + 1, other, x, y)).toEqual([]);
  expect(desktop.restack(other, desktop.window, 0, 0)).toEqual([]);
  expect(opcodesOf(desktop.restack(other + 1, other, x, y))).toEqual([configureWindow]);
});

test('a window that went before its turn came leaves it where it is', () => {
  const desktop = Desktop.showing(contentOf());
  const { x, y } = desktop.layout.window;
  desktop.covered(true);
  for (const code of [17, 18]) {
    expect(desktop.newWindow(other, x, y)).toEqual([]);
    desktop.receive(desktop.event(code, { 4: card32(root, other) }));
  }
  desktop.newWindow(other + 1, x, y);
  desktop.receive(desktop.event(21, { 4: card32(root, other + 1, other) }));
  expect(desktop.wait(1000)).toEqual([]);
});

test('a click right after it came to the top was meant for what was there', () => {
  const desktop = Desktop.showing(contentOf());
  desktop.covered(true);
  desktop.click(...desktop.onButton(1));
  expect(desktop.turn.outcome).toBeNull();
  desktop.wait(500);
  desktop.click(...desktop.onButton(1));
  expect(desktop.turn.outcome).toMatchObject({ kind: 'answered' });
});

test('when the screen changes, it moves to where it belongs', () => {
  const desktop = Desktop.showing(contentOf());
  const sent = desktop.resize(640, 480);
  expect(opcodesOf(sent)[0]).toBe(configureWindow);
  const { window, scale } = desktop.layout;
  expect(scale).toBe(1);
  expect(sent[0]?.bytes.slice(12)).toEqual(card32(window.x, window.y, window.width, window.height, 0));
  expect(desktop.resize(640, 480)).toEqual([]);
  desktop.click(...desktop.onButton(1));
  expect(desktop.turn.outcome).toBeNull();
});

test('events of other windows are none of its business', () => {
  const desktop = Desktop.showing(contentOf());
  desktop.receive(desktop.event(17, { 8: card32(root + 1) }));
  desktop.receive(desktop.event(18, { 8: card32(root + 1) }));
  desktop.receive(desktop.event(22, { 8: card32(root + 1), 20: new Uint8Array([1, 0, 1, 0]) }));
  expect(desktop.turn.outcome).toBeNull();
});

test.each([17, 18])('closed by somebody else (event %d), it says so', (code) => {
  const desktop = Desktop.showing(contentOf());
  desktop.receive(desktop.event(code));
  expect(desktop.turn.outcome).toEqual({ kind: 'closed' });
});

test('taken back, it goes', () => {
  const desktop = Desktop.showing(contentOf());
  expect(opcodesOf(desktop.takeBack())).toEqual([destroyWindow]);
  expect(desktop.turn.outcome).toEqual({ kind: 'closed' });
  expect(new Desktop(contentOf()).takeBack()).toEqual([]);
});

test('a request that the server refuses loses the box, but for one about the keyboard', () => {
  const desktop = Desktop.showing(contentOf());
  desktop.receive(errorOf(8, setInputFocus));
  expect(desktop.turn.outcome).toBeNull();
  desktop.receive(errorOf(11, createWindow));
  expect(desktop.turn.outcome).toEqual({ kind: 'lost', why: 'the X server refused request 1: Alloc' });
});

test('a server that refuses the connection is told with its reason', () => {
  const refusal = new Uint8Array([0, 5, 11, 0, 0, 0, 2, 0, ...new TextEncoder().encode('never'), 0, 0, 0]);
  expect(received(openBox(contentOf()), refusal, 0).outcome).toEqual({
    kind: 'lost',
    why: 'the X server refused the connection: never',
  });
});

test('texts of any length are shown as far as there is room', () => {
  const desktop = Desktop.showing(contentOf({ title: 'é '.repeat(200_000), text: 'long '.repeat(400_000) }));
  expect(desktop.turn.shown).toBe(true);
  expect(desktop.layout.lines).toHaveLength(20);
  expect(Math.max(...desktop.sent.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(16_384);
});

test('text that cannot be drawn is said, and the box is not opened', () => {
  const content = contentOf({ title: 'שש', text: 'a 🎉', countdown: (left) => (left === 1 ? 'ไ' : '') });
  expect(undrawableIn(content)).toEqual(['ש', '🎉', 'ไ']);
  expect(() => openBox(content)).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: 'the message holds what cannot be drawn: U+05E9, U+1F389, U+0E44',
    }),
  );
});
