import { card16, card32 } from '../../../../wire/x11/request.ts';
import { takeServerMessage } from '../../../../wire/x11/server-message.ts';
import { takeSetupReply } from '../../../../wire/x11/setup-reply.ts';
import { recordedBytes } from '../../../../wire/x11/testing/vectors.ts';
import { type Box, type BoxTurn, openBox, received, takenBack, ticked } from '../box.ts';
import type { BoxContent } from '../content.ts';
import type { Layout } from '../layout.ts';

/** A request as it was sent, and its number from 1. */
export interface Sent {
  readonly opcode: number;
  readonly number: number;
  readonly bytes: Uint8Array;
}

export const opcodes = {
  createWindow: 1,
  destroyWindow: 4,
  mapWindow: 8,
  configureWindow: 12,
  setInputFocus: 42,
} as const;
export const getInputFocus = 43;
export const putImage = 72;
export const root = 0x50d;

const whole = recordedBytes('xvfb-24-click');
const setupLength = whole.length - (takeSetupReply(whole)?.rest.length ?? 0);

/** Xvfb's setup reply with a screen of this size. */
export function setupOf(width: number, height: number): Uint8Array {
  const bytes = whole.slice(0, setupLength);
  const vendor = Math.ceil((bytes[24] ?? 0) / 4) * 4;
  const screen = 40 + vendor + (bytes[29] ?? 0) * 8;
  bytes.set(card32(root), screen);
  bytes.set(card16(width, height), screen + 20);
  return bytes;
}

/** The keyboard that Xvfb told of: its first reply. */
const keyboard = firstReply(whole.slice(setupLength));

function firstReply(bytes: Uint8Array): Uint8Array {
  const taken = takeServerMessage(bytes);
  if (taken === null) throw new Error('no reply was recorded');
  return taken.message.kind === 'reply' ? taken.message.bytes : firstReply(taken.rest);
}

/** A desktop that speaks to a box as an X server would, and takes down what it sends. */
export class Desktop {
  now = 1_000_000;
  turn: BoxTurn;
  readonly sent: Sent[] = [];
  #box: Box;

  constructor(content: BoxContent) {
    this.#box = openBox(content);
    this.turn = ticked(this.#box, this.now);
  }

  /** A box that was on the screen of this size long enough to be clicked. */
  static showing(content: BoxContent, width = 1024, height = 768): Desktop {
    const desktop = new Desktop(content);
    desktop.receive(setupOf(width, height));
    desktop.reply(101, keyboard);
    desktop.receive(desktop.event(12));
    desktop.now += 501;
    return desktop;
  }

  get box(): Box {
    return this.#box;
  }

  get layout(): Layout {
    if (this.#box.desk === null) throw new Error('the box has no window yet');
    return this.#box.desk.layout;
  }

  receive(...messages: readonly Uint8Array[]): readonly Sent[] {
    return this.#take(received(this.#box, Buffer.concat(messages), this.now));
  }

  /** Lets time pass, and ticks after it. */
  wait(milliseconds: number): readonly Sent[] {
    this.now += milliseconds;
    return this.#take(ticked(this.#box, this.now));
  }

  takeBack(): readonly Sent[] {
    return this.#take(takenBack(this.#box));
  }

  /** Answers the last request with this opcode. */
  reply(opcode: number, bytes: Uint8Array): readonly Sent[] {
    const asked = this.sent.findLast((one) => one.opcode === opcode);
    const answer = bytes.slice();
    answer.set(card16(asked?.number ?? 0), 2);
    return this.receive(answer);
  }

  /** An event of the window with this code: its window at the place where such events have it. */
  event(code: number, parts: Readonly<Record<number, Uint8Array>> = {}): Uint8Array {
    const bytes = new Uint8Array(32);
    bytes[0] = code;
    const window = this.#box.desk?.canvas.window ?? 0;
    const at = code < 9 ? 12 : code === 17 || code === 18 || code === 22 ? 8 : 4;
    bytes.set(card32(window), at);
    for (const [offset, part] of Object.entries(parts)) bytes.set(part, Number(offset));
    return bytes;
  }

  /** A press (4) or release (5) of the pointer's button at this point of the window. */
  pointer(code: 4 | 5, x: number, y: number, button = 1): readonly Sent[] {
    return this.receive(this.event(code, { 1: new Uint8Array([button]), 4: card32(this.now), 24: card16(x, y) }));
  }

  click(x: number, y: number): readonly Sent[] {
    return [...this.pointer(4, x, y), ...this.pointer(5, x, y)];
  }

  /** A point on a button, counted from 0. */
  onButton(index: number): readonly [x: number, y: number] {
    const area = this.layout.buttons[index]?.area;
    if (area === undefined) throw new Error(`no button ${index}`);
    return [area.x + 3, area.y + 3];
  }

  key(keycode: number, state = 0): readonly Sent[] {
    return this.receive(this.event(2, { 1: new Uint8Array([keycode]), 4: card32(this.now), 28: card16(state) }));
  }

  /** Clicks beside the buttons and gives the box the keyboard, which this window had. */
  giveKeyboard(had: number): void {
    this.click(2, 2);
    const bytes = new Uint8Array(32);
    bytes.set([1, 2]);
    bytes.set(card32(had), 8);
    this.reply(getInputFocus, bytes);
    this.receive(this.event(9, { 1: new Uint8Array([3]) }));
  }

  covered(covered: boolean): readonly Sent[] {
    return this.receive(this.event(15, { 8: new Uint8Array([covered ? 1 : 0]) }));
  }

  resize(width: number, height: number): readonly Sent[] {
    return this.receive(this.event(22, { 8: card32(root), 20: card16(width, height) }));
  }

  /** Another window of the root: new and mapped, from this corner, 100 pixels wide and high. */
  newWindow(window: number, x: number, y: number): readonly Sent[] {
    const created = this.event(16, { 4: card32(root, window), 12: card16(x, y, 100, 100, 0) });
    return this.receive(created, this.event(19, { 4: card32(root, window) }));
  }

  /** Another window, 100 pixels wide and high, comes to lie right above this sibling. */
  restack(window: number, sibling: number, x: number, y: number): readonly Sent[] {
    return this.receive(this.event(22, { 4: card32(root, window, sibling), 16: card16(x, y, 100, 100, 0) }));
  }

  get window(): number {
    return this.#box.desk?.canvas.window ?? 0;
  }

  #take(turn: BoxTurn): readonly Sent[] {
    this.turn = turn;
    this.#box = turn.box;
    const fresh = requestsIn(turn.send, this.sent.length);
    this.sent.push(...fresh);
    return fresh;
  }
}

export function requestsIn(bytes: Uint8Array, before: number): readonly Sent[] {
  const requests: Sent[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = ((bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8)) * 4;
    if (length === 0) throw new Error('a request without length');
    requests.push({
      opcode: bytes[at] ?? 0,
      number: before + requests.length + 1,
      bytes: bytes.slice(at, at + length),
    });
    at += length;
  }
  return requests;
}

export const opcodesOf = (sent: readonly Sent[]): readonly number[] => sent.map(({ opcode }) => opcode);
