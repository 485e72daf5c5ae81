import { cStructure } from '../../ndr/c-structure.ts';
import { u32 } from '../../ndr/primitives.ts';

/** WINSTATIONSHADOW (MS-TSTS 2.2.2.35). */
export const winStationShadow = cStructure({
  /** SHADOWSTATECLASS (2.2.2.35.1). */
  shadowState: u32,
  /** SHADOWCLASS (2.2.1.11). */
  shadowClass: u32,
  sessionId: u32,
  protocolType: u32,
});
