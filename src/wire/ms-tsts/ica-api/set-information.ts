import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationSetInformation (MS-TSTS 3.7.4.1.7). Windows Server 2003 and before only. */
export const setInformation = rpcCall(icaApi, {
  name: 'RpcWinStationSetInformation',
  opnum: 6,
  request: {
    hServer: contextHandle,
    logonId: u32,
    winStationInformationClass: u32,
    pWinStationInformation: unique(conformantBytes({ most: 0x8000 })),
    winStationInformationLength: countOf('pWinStationInformation'),
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    pWinStationInformation: unique(conformantBytes({ most: 0x8000 })),
    returnValue: boolean,
  },
});
