import { cStructure } from '../../ndr/c-structure.ts';
import { u32 } from '../../ndr/primitives.ts';
import { wideChars } from '../../ndr/text.ts';

/** WINSTATIONPRODID (MS-TSTS 2.2.2.36). */
export const winStationProdId = cStructure({
  digProductId: wideChars(32),
  clientDigProductId: wideChars(32),
  outerMostDigProductId: wideChars(32),
  curentSessionId: u32,
  clientSessionId: u32,
  outerMostSessionId: u32,
});
