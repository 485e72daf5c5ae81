import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { wideArray } from '../../ndr/text.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationNameFromLogonId (MS-TSTS 3.7.4.1.10). */
export const nameFromLogonId = rpcCall(icaApi, {
  name: 'RpcWinStationNameFromLogonId',
  opnum: 9,
  request: {
    hServer: contextHandle,
    loginId: u32,
    /** As many NULs as the response must have characters: 33. */
    pWinStationName: wideArray({ most: 256 }),
    nameSize: countOf('pWinStationName'),
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    /** As long as in the request, padded with NULs. */
    pWinStationName: wideArray({ most: 256 }),
    returnValue: boolean,
  },
});
