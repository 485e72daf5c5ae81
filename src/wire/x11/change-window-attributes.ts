import { card32, request, valueList } from './request.ts';

const eventMaskBit = 0x800;

/** ChangeWindowAttributes (X Window System Protocol, Requests; opcode 2): which events of a window this client gets. */
export function selectEvents(window: number, events: number): Uint8Array {
  return request(2, 0, card32(window), valueList([[eventMaskBit, events]]));
}
