import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationTerminateProcess (MS-TSTS 3.7.4.1.21). */
export const terminateProcess = rpcCall(icaApi, {
  name: 'RpcWinStationTerminateProcess',
  opnum: 37,
  request: {
    hServer: contextHandle,
    processId: u32,
    exitCode: u32,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
