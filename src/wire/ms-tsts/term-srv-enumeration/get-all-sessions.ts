import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { countOf, struct } from '../../ndr/struct.ts';
import { wideChars } from '../../ndr/text.ts';
import { switchedUnion } from '../../ndr/union.ts';
import { termSrvEnumeration } from '../interfaces.ts';
import { mostSessions } from './session-enum.ts';

/** EXECENVDATA_LEVEL1 (MS-TSTS 2.2.2.6.1.1). */
const execEnvDataLevel1 = struct({ execEnvId: i32, state: i32, sessionName: wideChars(33) });

/** EXECENVDATA_LEVEL2 (2.2.2.6.1.2). */
const execEnvDataLevel2 = struct({
  execEnvId: i32,
  /** WINSTATIONSTATECLASS. */
  state: i32,
  sessionName: wideChars(33),
  absSessionId: i32,
  hostName: wideChars(33),
  userName: wideChars(33),
  domainName: wideChars(33),
  farmName: wideChars(33),
});

/** EXECENVDATA (2.2.2.6). */
const execEnvData = switchedUnion(u32, { 1: execEnvDataLevel1, 2: execEnvDataLevel2 });

/** RpcGetAllSessions (MS-TSTS 3.3.4.3.10). */
export const getAllSessions = rpcCall(termSrvEnumeration, {
  name: 'RpcGetAllSessions',
  opnum: 10,
  request: {
    /** 1 or 2. */
    pLevel: u32,
  },
  response: {
    /** The level that the server could give. */
    pLevel: u32,
    ppSessionData: unique(conformantArray(execEnvData, { most: mostSessions })),
    pcEntries: countOf('ppSessionData'),
    returnValue: i32,
  },
});
