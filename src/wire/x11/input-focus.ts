import { fieldsOf } from './fields.ts';
import { card32, request } from './request.ts';

/** Who has the keyboard, and who gets it when that window goes. */
export interface InputFocus {
  /** A window, or None (0) or PointerRoot (1). */
  readonly focus: number;
  /** None (0), PointerRoot (1) or Parent (2). */
  readonly revertTo: number;
}

export const revertToParent = 2;

/** SetInputFocus (X Window System Protocol, Requests; opcode 42). `time` is a timestamp of the server, in milliseconds. */
export function setInputFocus({ focus, revertTo }: InputFocus, time: number): Uint8Array {
  return request(setInputFocusOpcode, revertTo, card32(focus, time));
}

export const setInputFocusOpcode = 42;

/** GetInputFocus (X Window System Protocol, Requests; opcode 43). */
export function getInputFocus(): Uint8Array {
  return request(43, 0);
}

export function readInputFocus(reply: Uint8Array): InputFocus {
  const fields = fieldsOf('answer to GetInputFocus', reply);
  return { focus: fields.u32(8, 'focus'), revertTo: fields.u8(1, 'revert-to') };
}
