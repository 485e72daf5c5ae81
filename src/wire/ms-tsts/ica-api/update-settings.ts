import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationUpdateSettings (MS-TSTS 3.7.4.1.27). Windows XP and Windows Server 2003 only. */
export const updateSettings = rpcCall(icaApi, {
  name: 'RpcWinStationUpdateSettings',
  opnum: 58,
  request: {
    hServer: contextHandle,
    settingsClass: u32,
    settingsParameters: u32,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
