import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationWaitSystemEvent (MS-TSTS 3.7.4.1.15). */
export const waitSystemEvent = rpcCall(icaApi, {
  name: 'RpcWinStationWaitSystemEvent',
  opnum: 16,
  request: {
    hServer: contextHandle,
    eventMask: u32,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    pEventFlags: u32,
    returnValue: boolean,
  },
});
