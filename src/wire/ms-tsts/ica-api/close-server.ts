import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationCloseServer (MS-TSTS 3.7.4.1.2). */
export const closeServer = rpcCall(icaApi, {
  name: 'RpcWinStationCloseServer',
  opnum: 1,
  request: {
    hServer: contextHandle,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
