import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { countOf, struct } from '../../ndr/struct.ts';
import { wideString } from '../../ndr/text.ts';
import { switchedUnion } from '../../ndr/union.ts';
import { termSrvEnumeration } from '../interfaces.ts';
import { mostSessions } from './session-enum.ts';

const name = unique(wideString({ most: 1024, maxIs: 256 }));

/** EXECENVDATAEX_LEVEL1 (MS-TSTS 2.2.2.7.1.1). */
const execEnvDataExLevel1 = struct({
  execEnvId: i32,
  /** WINSTATIONSTATECLASS. */
  state: i32,
  absSessionId: i32,
  pszSessionName: name,
  pszHostName: name,
  pszUserName: name,
  pszDomainName: name,
  pszFarmName: name,
});

/** EXECENVDATAEX (2.2.2.7). */
const execEnvDataEx = switchedUnion(u32, { 1: execEnvDataExLevel1 });

/** RpcGetAllSessionsEx (MS-TSTS 3.3.4.3.11). */
export const getAllSessionsEx = rpcCall(termSrvEnumeration, {
  name: 'RpcGetAllSessionsEx',
  opnum: 11,
  request: {
    /** 1. */
    level: u32,
  },
  response: {
    ppSessionData: unique(conformantArray(execEnvDataEx, { most: mostSessions })),
    pcEntries: countOf('ppSessionData'),
    returnValue: i32,
  },
});
