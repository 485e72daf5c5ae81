import { fixedArray } from '../../ndr/arrays.ts';
import { cStructure } from '../../ndr/c-structure.ts';
import { hyper, u16, u32 } from '../../ndr/primitives.ts';

/** PROTOCOLCOUNTERS (MS-TSTS 2.2.2.20.1.2): since the session was connected. */
export const protocolCounters = cStructure({
  wdBytes: u32,
  wdFrames: u32,
  waitForOutBuf: u32,
  frames: u32,
  bytes: u32,
  compressedBytes: u32,
  compressFlushes: u32,
  errors: u32,
  timeouts: u32,
  asyncFramingError: u32,
  asyncOverrunError: u32,
  asyncOverflowError: u32,
  asyncParityError: u32,
  tdErrors: u32,
  protocolType: u16,
  length: u16,
  specific: fixedArray(u32, 100),
});

/** CACHE_STATISTICS (2.2.2.20.1.3). */
export const cacheStatistics = cStructure({
  protocolType: u16,
  length: u16,
  specific: fixedArray(u32, 20),
});

const fields = {
  /** What went to the client. */
  output: protocolCounters,
  /** What came from it. */
  input: protocolCounters,
  cache: cacheStatistics,
  asyncSignal: u32,
  asyncSignalMask: u32,
};

/** PROTOCOLSTATUS (2.2.2.20.1). */
export const protocolStatus = cStructure(fields);

/** PROTOCOLSTATUSEX (2.2.2.20.1.1). */
export const protocolStatusEx = cStructure({ ...fields, counters: fixedArray(hyper, 2) });
