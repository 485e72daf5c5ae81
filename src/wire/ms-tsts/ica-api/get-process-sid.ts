import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { boolean, hyper, i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationGetProcessSid (MS-TSTS 3.7.4.1.23). */
export const getProcessSid = rpcCall(icaApi, {
  name: 'RpcWinStationGetProcessSid',
  opnum: 44,
  request: {
    hServer: contextHandle,
    dwUniqueProcessId: u32,
    processStartTime: hyper,
    /** As many bytes as the response must have. */
    pProcessUserSid: unique(conformantBytes({ most: 1024 })),
    dwSidSize: countOf('pProcessUserSid'),
    pdwSizeNeeded: u32,
  },
  response: {
    /** HRESULT. */
    pResult: i32,
    pProcessUserSid: unique(conformantBytes({ most: 1024 })),
    pdwSizeNeeded: u32,
    returnValue: boolean,
  },
});
