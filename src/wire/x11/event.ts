import { badField, type Fields, fieldsOf } from './fields.ts';
import type { Rectangle } from './rectangle.ts';

/** A key or button, and where the pointer was then, in pixels from the window's upper left corner. */
export interface InputEvent {
  readonly window: number;
  /** The keycode, or the button from 1. */
  readonly detail: number;
  /** The server's time in milliseconds. */
  readonly time: number;
  readonly x: number;
  readonly y: number;
  /** Which modifiers were held (SETofKEYBUTMASK). */
  readonly state: number;
}

/** Events of an X server as far as a box needs them (X Window System Protocol, Events). */
export type XEvent =
  | ({ readonly kind: 'key-press' | 'button-press' | 'button-release' } & InputEvent)
  | {
      readonly kind: 'focus-in' | 'focus-out';
      readonly window: number;
      /** Whether the keyboard itself went there: it does not for a grab, after the pointer, or within the window. */
      readonly itself: boolean;
    }
  /** `last`: no more Expose follows that belongs to it. */
  | { readonly kind: 'expose'; readonly window: number; readonly last: boolean }
  | { readonly kind: 'visibility'; readonly window: number; readonly covered: boolean }
  | { readonly kind: 'destroyed' | 'unmapped' | 'mapped'; readonly window: number }
  | { readonly kind: 'reparented'; readonly window: number; readonly parent: number }
  /** A new window lies above all its siblings. `area` is within the parent, with the border. */
  | { readonly kind: 'created'; readonly window: number; readonly parent: number; readonly area: Rectangle }
  /** `sibling` lies right below the window; 0: none does. */
  | { readonly kind: 'configured'; readonly window: number; readonly sibling: number; readonly area: Rectangle }
  | { readonly kind: 'keyboard-changed' }
  /** Any other, and every one that a client sent and not the server. */
  | { readonly kind: 'other'; readonly code: number };

const sentByClient = 0x80;
const inferior = 2;
const toPointer = 5;
const grab = 1;
const ungrab = 2;

/** Codes of appendix Protocol Encoding, Events. */
export function readEvent(bytes: Uint8Array): XEvent {
  const fields = fieldsOf('event', bytes);
  const code = fields.u8(0, 'code');
  switch (code) {
    case 2:
      return { kind: 'key-press', ...readInput(fields) };
    case 4:
      return { kind: 'button-press', ...readInput(fields) };
    case 5:
      return { kind: 'button-release', ...readInput(fields) };
    case 9:
      return { kind: 'focus-in', ...readFocus(fields) };
    case 10:
      return { kind: 'focus-out', ...readFocus(fields) };
    case 12:
      return { kind: 'expose', window: fields.u32(4, 'window'), last: fields.u16(16, 'count') === 0 };
    case 15:
      return { kind: 'visibility', window: fields.u32(4, 'window'), covered: readVisibility(fields) !== 0 };
    case 16:
      return {
        kind: 'created',
        parent: fields.u32(4, 'parent'),
        window: fields.u32(8, 'window'),
        area: readArea(fields, 12),
      };
    case 17:
      return { kind: 'destroyed', window: fields.u32(8, 'window') };
    case 18:
      return { kind: 'unmapped', window: fields.u32(8, 'window') };
    case 19:
      return { kind: 'mapped', window: fields.u32(8, 'window') };
    case 21:
      return { kind: 'reparented', window: fields.u32(8, 'window'), parent: fields.u32(12, 'parent') };
    case 22:
      return {
        kind: 'configured',
        window: fields.u32(8, 'window'),
        sibling: fields.u32(12, 'above-sibling'),
        area: readArea(fields, 16),
      };
    case 34:
      return { kind: 'keyboard-changed' };
    default:
      return { kind: 'other', code: code & ~sentByClient };
  }
}

function readInput(fields: Fields): InputEvent {
  return {
    window: fields.u32(12, 'event window'),
    detail: fields.u8(1, 'detail'),
    time: fields.u32(4, 'time'),
    x: fields.i16(24, 'event-x'),
    y: fields.i16(26, 'event-y'),
    state: fields.u16(28, 'state'),
  };
}

function readFocus(fields: Fields): { readonly window: number; readonly itself: boolean } {
  const detail = fields.u8(1, 'detail');
  const mode = fields.u8(8, 'mode');
  const itself = detail !== inferior && detail < toPointer && mode !== grab && mode !== ungrab;
  return { window: fields.u32(4, 'window'), itself };
}

function readVisibility(fields: Fields): number {
  const state = fields.u8(8, 'state');
  if (state > 2) throw badField('event VisibilityNotify', 'state', `is ${state}`);
  return state;
}

function readArea(fields: Fields, at: number): Rectangle {
  const width = fields.u16(at + 4, 'width');
  const height = fields.u16(at + 6, 'height');
  if (width === 0 || height === 0) throw badField('event', 'width', `makes a window of ${width}x${height}`);
  const border = 2 * fields.u16(at + 8, 'border-width');
  return {
    x: fields.i16(at, 'x'),
    y: fields.i16(at + 2, 'y'),
    width: width + border,
    height: height + border,
  };
}
