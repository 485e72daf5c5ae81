import { type CStructure, decodeStructure } from '../../wire/ndr/c-structure.ts';

/** A structure of nothing but zeros: what a host does not tell stays so. */
export function zeros<T>(structure: CStructure<T>): T {
  return decodeStructure('zeros', structure, new Uint8Array(structure.size));
}
