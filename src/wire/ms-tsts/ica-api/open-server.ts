import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationOpenServer (MS-TSTS 3.7.4.1.1). */
export const openServer = rpcCall(icaApi, {
  name: 'RpcWinStationOpenServer',
  opnum: 0,
  request: {},
  response: {
    /** NTSTATUS. */
    pResult: u32,
    phServer: contextHandle,
    returnValue: boolean,
  },
});
