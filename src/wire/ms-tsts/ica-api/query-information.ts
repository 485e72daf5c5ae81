import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationQueryInformation (MS-TSTS 3.7.4.1.6). */
export const queryInformation = rpcCall(icaApi, {
  name: 'RpcWinStationQueryInformation',
  opnum: 5,
  request: {
    hServer: contextHandle,
    logonId: u32,
    /** The code of one of `informationClass`. */
    winStationInformationClass: u32,
    /** As many bytes as the response must have: `informationLength`. */
    pWinStationInformation: unique(conformantBytes({ most: 0x8000 })),
    winStationInformationLength: countOf('pWinStationInformation'),
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    /** As many bytes as in the request: the class's structure, of which pReturnLength are meant. */
    pWinStationInformation: unique(conformantBytes({ most: 0x8000 })),
    pReturnLength: u32,
    returnValue: boolean,
  },
});
