import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationCloseServerEx (MS-TSTS 3.7.4.1.29). */
export const closeServerEx = rpcCall(icaApi, {
  name: 'RpcWinStationCloseServerEx',
  opnum: 60,
  request: {
    phServer: contextHandle,
  },
  response: {
    phServer: contextHandle,
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
