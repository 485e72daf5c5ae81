import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { tsCounter } from '../counter.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationGetTermSrvCountersValue (MS-TSTS 3.7.4.1.24). */
export const getTermSrvCountersValue = rpcCall(icaApi, {
  name: 'RpcWinStationGetTermSrvCountersValue',
  opnum: 45,
  request: {
    hServer: contextHandle,
    dwEntries: countOf('pCounter'),
    pCounter: conformantArray(tsCounter, { most: 0x1000 }),
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    pCounter: conformantArray(tsCounter, { most: 0x1000 }),
    returnValue: boolean,
  },
});
