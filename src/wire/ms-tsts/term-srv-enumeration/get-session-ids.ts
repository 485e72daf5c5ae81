import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { enum16, i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { termSrvEnumeration } from '../interfaces.ts';
import { mostSessions } from './session-enum.ts';

/** RpcGetSessionIds (MS-TSTS 3.3.4.3.8). */
export const getSessionIds = rpcCall(termSrvEnumeration, {
  name: 'RpcGetSessionIds',
  opnum: 8,
  request: {
    /** SESSION_FILTER (2.2.2.1). */
    filter: enum16,
    maxEntries: u32,
  },
  response: {
    pSessionIds: unique(conformantArray(i32, { most: mostSessions })),
    pcSessionIds: countOf('pSessionIds'),
    returnValue: i32,
  },
});
