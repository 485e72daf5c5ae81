import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationReset (MS-TSTS 3.7.4.1.13). To reset a listener ends the sessions that came through it, too. */
export const reset = rpcCall(icaApi, {
  name: 'RpcWinStationReset',
  opnum: 14,
  request: {
    hServer: contextHandle,
    logonId: u32,
    bWait: boolean,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
