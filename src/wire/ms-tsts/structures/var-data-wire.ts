import { cStructure } from '../../ndr/c-structure.ts';
import { u16 } from '../../ndr/primitives.ts';

/** VARDATA_WIRE (MS-TSTS 2.2.2.45): where in a buffer data of another size lies. */
export const varDataWire = cStructure({ size: u16, offset: u16 });
