import { fixedArray } from '../../ndr/arrays.ts';
import { cStructure } from '../../ndr/c-structure.ts';
import { hyper, u32 } from '../../ndr/primitives.ts';

/** WINSTATIONLOADINDICATORDATA (MS-TSTS 2.2.2.34). */
export const winStationLoadIndicatorData = cStructure({
  remainingSessionCapacity: u32,
  /** LOADFACTORTYPE (2.2.2.34.1). */
  loadFactor: u32,
  totalSessions: u32,
  disconnectedSessions: u32,
  /** In 100 ns. */
  idleCpu: hyper,
  totalCpu: hyper,
  rawSessionCapacity: u32,
  reserved: fixedArray(u32, 9),
});
