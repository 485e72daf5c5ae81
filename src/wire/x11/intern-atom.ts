import { fieldsOf } from './fields.ts';
import { card16, request } from './request.ts';

/** Atoms that every server has (X Window System Protocol, appendix Predefined Atoms). */
export const atoms = { string: 31, wmName: 39, wmClass: 67 } as const;

/** InternAtom (X Window System Protocol, Requests; opcode 16): asks for the atom of an ASCII name, made where it is new. */
export function internAtom(name: string): Uint8Array {
  return request(16, 0, card16(name.length, 0), new TextEncoder().encode(name));
}

export function readInternedAtom(reply: Uint8Array): number {
  return fieldsOf('answer to InternAtom', reply).u32(8, 'atom');
}
