import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { switchedUnion } from '../../ndr/union.ts';
import { termSrvEnumeration } from '../interfaces.ts';
import { mostSessions, sessionEnumLevel1, sessionEnumLevel2 } from './session-enum.ts';

/** SESSIONENUM (MS-TSTS 2.2.2.4). */
const sessionEnum = switchedUnion(u32, { 1: sessionEnumLevel1, 2: sessionEnumLevel2 });

/** RpcGetEnumResult (MS-TSTS 3.3.4.3.6). */
export const getEnumResult = rpcCall(termSrvEnumeration, {
  name: 'RpcGetEnumResult',
  opnum: 5,
  request: {
    hEnum: contextHandle,
    /** 1 or 2. */
    level: u32,
  },
  response: {
    ppSessionEnumResult: unique(conformantArray(sessionEnum, { most: mostSessions })),
    pEntries: countOf('ppSessionEnumResult'),
    returnValue: i32,
  },
});
