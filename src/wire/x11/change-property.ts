import { card32, request } from './request.ts';

export interface NewProperty {
  readonly window: number;
  readonly property: number;
  readonly type: number;
  readonly value: Uint8Array;
}

/** ChangeProperty (X Window System Protocol, Requests; opcode 18): puts bytes in the place of a property. */
export function replaceProperty({ window, property, type, value }: NewProperty): Uint8Array {
  return request(18, 0, card32(window, property, type), new Uint8Array([8, 0, 0, 0]), card32(value.length), value);
}
