import type { KeyboardMapping } from '../../../wire/x11/keyboard-mapping.ts';

/** What a key means to a box. */
export type Key = 'press' | 'dismiss' | 'next' | 'previous';

/** X Window System Protocol, appendix KEYSYM Encoding. */
const meanings: ReadonlyMap<number, Key> = new Map<number, Key>([
  [0x0020, 'press'], // space
  [0xff0d, 'press'], // Return
  [0xff8d, 'press'], // KP_Enter
  [0xff1b, 'dismiss'], // Escape
  [0xff09, 'next'], // Tab
  [0xff53, 'next'], // Right
  [0xff54, 'next'], // Down
  [0xff51, 'previous'], // Left
  [0xff52, 'previous'], // Up
]);

const shift = 0x1;
/** Control, Mod1 (Alt) and Mod4 (Super): with them a key belongs to the desktop. */
const others = 0x4 | 0x8 | 0x40;

/** What a key means with these modifiers (SETofKEYBUTMASK); null: nothing. */
export function meaningOf(mapping: KeyboardMapping, keycode: number, state: number): Key | null {
  const key = meanings.get(mapping.get(keycode) ?? 0) ?? null;
  if ((state & others) !== 0) return null;
  return key === 'next' && (state & shift) !== 0 ? 'previous' : key;
}
