import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationDisconnect (MS-TSTS 3.7.4.1.12). */
export const disconnect = rpcCall(icaApi, {
  name: 'RpcWinStationDisconnect',
  opnum: 13,
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
