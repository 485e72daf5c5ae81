import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { i32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { tsCounter } from '../counter.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcGetSessionCounters (MS-TSTS 3.3.4.1.12). */
export const getSessionCounters = rpcCall(termSrvSession, {
  name: 'RpcGetSessionCounters',
  opnum: 11,
  request: {
    pCounter: conformantArray(tsCounter, { most: 0x1000 }),
    uEntries: countOf('pCounter'),
  },
  response: {
    pCounter: conformantArray(tsCounter, { most: 0x1000 }),
    returnValue: i32,
  },
});
