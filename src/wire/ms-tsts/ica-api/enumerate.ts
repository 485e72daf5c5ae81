import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { icaApi } from '../interfaces.ts';

/** Room for 0xffff sessions. */
const mostBytes = 0xffff * 76;

/** RpcWinStationEnumerate (MS-TSTS 3.7.4.1.4). */
export const enumerate = rpcCall(icaApi, {
  name: 'RpcWinStationEnumerate',
  opnum: 3,
  request: {
    hServer: contextHandle,
    /** How many at most. */
    pEntries: u32,
    /** As many bytes as the response may have: their contents say nothing. */
    pLogonId: unique(conformantBytes({ most: mostBytes })),
    pByteCount: countOf('pLogonId'),
    /** Of the first that is asked for. */
    pIndex: u32,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    pEntries: u32,
    /** LOGONIDs as they lie in memory: `structures/session-id.ts`. */
    pLogonId: unique(conformantBytes({ most: mostBytes })),
    pByteCount: countOf('pLogonId'),
    /** Of the next. */
    pIndex: u32,
    returnValue: boolean,
  },
});
