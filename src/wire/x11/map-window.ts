import { card32, request } from './request.ts';

/** MapWindow (X Window System Protocol, Requests; opcode 8). */
export function mapWindow(window: number): Uint8Array {
  return request(8, 0, card32(window));
}
