import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { switchedUnion } from '../../ndr/union.ts';
import { termSrvEnumeration } from '../interfaces.ts';
import { mostSessions, sessionEnumLevel1, sessionEnumLevel2, sessionEnumLevel3 } from './session-enum.ts';

/** SESSIONENUM_EX (MS-TSTS 2.2.2.5). */
const sessionEnumEx = switchedUnion(u32, { 1: sessionEnumLevel1, 2: sessionEnumLevel2, 3: sessionEnumLevel3 });

/** RpcGetEnumResultEx (MS-TSTS 3.3.4.3.9). */
export const getEnumResultEx = rpcCall(termSrvEnumeration, {
  name: 'RpcGetEnumResultEx',
  opnum: 9,
  request: {
    hEnum: contextHandle,
    /** 1, 2 or 3. */
    level: u32,
  },
  response: {
    ppSessionEnumResult: unique(conformantArray(sessionEnumEx, { most: mostSessions })),
    pEntries: countOf('ppSessionEnumResult'),
    returnValue: i32,
  },
});
