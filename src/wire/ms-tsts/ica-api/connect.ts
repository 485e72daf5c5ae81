import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { wideArray } from '../../ndr/text.ts';
import { icaApi } from '../interfaces.ts';

/** RpcWinStationConnect (MS-TSTS 3.7.4.1.11). */
export const connect = rpcCall(icaApi, {
  name: 'RpcWinStationConnect',
  opnum: 10,
  request: {
    hServer: contextHandle,
    clientLogonId: u32,
    connectLogonId: u32,
    targetLogonId: u32,
    /** With its terminator. */
    pPassword: wideArray({ most: 1024 }),
    passwordSize: countOf('pPassword'),
    wait: boolean,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
