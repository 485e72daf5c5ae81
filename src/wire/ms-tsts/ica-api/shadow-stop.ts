import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationShadowStop (MS-TSTS 3.7.4.1.28). Windows XP and Windows Server 2003 only. */
export const shadowStop = rpcCall(icaApi, {
  name: 'RpcWinStationShadowStop',
  opnum: 59,
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
