import { cStructure } from '../../ndr/c-structure.ts';
import { i32, u16 } from '../../ndr/primitives.ts';
import { wideChars } from '../../ndr/text.ts';

/** TS_SYSTEMTIME (MS-TSTS 2.2.2.19.1.1). */
export const tsSystemTime = cStructure({
  wYear: u16,
  wMonth: u16,
  wDayOfWeek: u16,
  wDay: u16,
  wHour: u16,
  wMinute: u16,
  wSecond: u16,
  wMilliseconds: u16,
});

/** TS_TIME_ZONE_INFORMATION (2.2.2.19.1). Biases are in minutes. */
export const tsTimeZoneInformation = cStructure({
  bias: i32,
  standardName: wideChars(32),
  standardDate: tsSystemTime,
  standardBias: i32,
  daylightName: wideChars(32),
  daylightDate: tsSystemTime,
  daylightBias: i32,
});
