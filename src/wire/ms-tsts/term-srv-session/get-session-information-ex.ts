import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { hyper, i32, u32 } from '../../ndr/primitives.ts';
import { countOf, struct } from '../../ndr/struct.ts';
import { wideChars } from '../../ndr/text.ts';
import { switchedUnion } from '../../ndr/union.ts';
import { termSrvSession } from '../interfaces.ts';

/** SessionFlags: whether the desktop is locked. */
export const sessionFlags = { unknown: -1, lock: 0, unlock: 1 } as const;

/** LSM_SESSIONINFO_EX_LEVEL1 (MS-TSTS 2.2.2.11). Names that are longer than their field are cut. */
const lsmSessionInfoExLevel1 = struct({
  /** WINSTATIONSTATECLASS. */
  sessionState: i32,
  sessionFlags: i32,
  sessionName: wideChars(33),
  domainName: wideChars(18),
  userName: wideChars(21),
  connectTime: hyper,
  disconnectTime: hyper,
  logonTime: hyper,
  lastInputTime: hyper,
  protocolDataSize: countOf('protocolData'),
  protocolData: unique(conformantBytes({ most: 0x10000 })),
});

/** RpcGetSessionInformationEx (MS-TSTS 3.3.4.1.16). */
export const getSessionInformationEx = rpcCall(termSrvSession, {
  name: 'RpcGetSessionInformationEx',
  opnum: 17,
  request: {
    sessionId: i32,
    /** 1. */
    level: u32,
  },
  response: {
    lsmSessionInfoExPtr: switchedUnion(u32, { 1: lsmSessionInfoExLevel1 }),
    returnValue: i32,
  },
});
