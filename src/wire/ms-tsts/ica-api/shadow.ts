import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { boolean, u16, u32, u8 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { wideArray } from '../../ndr/text.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationShadow (MS-TSTS 3.7.4.1.16). Windows Server 2003 and before only. */
export const shadow = rpcCall(icaApi, {
  name: 'RpcWinStationShadow',
  opnum: 17,
  request: {
    hServer: contextHandle,
    logonId: u32,
    /** With its terminator. */
    pTargetServerName: unique(wideArray({ most: 1024 })),
    nameSize: countOf('pTargetServerName'),
    targetLogonId: u32,
    hotKeyVk: u8,
    hotkeyModifiers: u16,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
