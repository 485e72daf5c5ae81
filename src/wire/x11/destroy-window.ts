import { card32, request } from './request.ts';

/** DestroyWindow (X Window System Protocol, Requests; opcode 4). */
export function destroyWindow(window: number): Uint8Array {
  return request(4, 0, card32(window));
}
