import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcIcaServerPing (MS-TSTS 3.7.4.1.3). Windows Server 2003 and before only. */
export const icaServerPing = rpcCall(icaApi, {
  name: 'RpcIcaServerPing',
  opnum: 2,
  request: {
    hServer: contextHandle,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
