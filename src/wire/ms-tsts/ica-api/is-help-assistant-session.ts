import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationIsHelpAssistantSession (MS-TSTS 3.7.4.1.30). Windows XP and Windows Server 2003 only. */
export const isHelpAssistantSession = rpcCall(icaApi, {
  name: 'RpcWinStationIsHelpAssistantSession',
  opnum: 61,
  request: {
    hServer: contextHandle,
    sessionId: u32,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
