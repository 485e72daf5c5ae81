import { conformantBytes } from '../../ndr/arrays.ts';
import { guid } from '../../ndr/guid.ts';
import { unique } from '../../ndr/pointer.ts';
import { bool32, i32, u32 } from '../../ndr/primitives.ts';
import { countOf, struct } from '../../ndr/struct.ts';
import { wideChars } from '../../ndr/text.ts';

/** The most sessions that are taken from a host. */
export const mostSessions = 0xffff;

/** SESSIONENUM_LEVEL1 (MS-TSTS 2.2.2.4.1.1). */
export const sessionEnumLevel1 = struct({
  sessionId: i32,
  /** WINSTATIONSTATECLASS. */
  state: i32,
  name: wideChars(33),
});

const level2 = {
  sessionId: i32,
  /** WINSTATIONSTATECLASS. */
  state: i32,
  name: wideChars(33),
  source: u32,
  bFullDesktop: bool32,
  sessionType: guid,
};

/** SESSIONENUM_LEVEL2 (2.2.2.4.1.2). */
export const sessionEnumLevel2 = struct(level2);

/** SESSIONENUM_LEVEL3 (2.2.2.4.1.3). */
export const sessionEnumLevel3 = struct({
  ...level2,
  protoDataSize: countOf('pProtocolData'),
  pProtocolData: unique(conformantBytes({ most: 0x10000 })),
});
