import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { wideArray } from '../../ndr/text.ts';
import { icaApi } from '../interfaces.ts';

/** RpcLogonIdFromWinStationName (MS-TSTS 3.7.4.1.9). */
export const logonIdFromWinStationName = rpcCall(icaApi, {
  name: 'RpcLogonIdFromWinStationName',
  opnum: 8,
  request: {
    hServer: contextHandle,
    /** Padded with NULs to 33 characters. */
    pWinStationName: wideArray({ most: 256 }),
    nameSize: countOf('pWinStationName'),
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    pLogonId: u32,
    returnValue: boolean,
  },
});
