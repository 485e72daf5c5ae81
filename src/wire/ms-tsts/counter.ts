import { boolean, hyper, u32 } from '../ndr/primitives.ts';
import { struct } from '../ndr/struct.ts';

/** TS_COUNTER (MS-TSTS 2.2.2.17). */
export const tsCounter = struct({
  /** TS_COUNTER_HEADER (2.2.2.17.1). */
  counterHead: struct({ dwCounterID: u32, bResult: boolean }),
  dwValue: u32,
  startTime: hyper,
});
