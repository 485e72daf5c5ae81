import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { wideArray } from '../../ndr/text.ts';
import { icaApi } from '../interfaces.ts';

/**
 * RpcWinStationSendMessage (MS-TSTS 3.7.4.1.8). The lengths count characters, as size_is in the IDL has it; the section says bytes.
 * A text with as many NULs behind it is right for a server of either kind.
 */
export const sendMessage = rpcCall(icaApi, {
  name: 'RpcWinStationSendMessage',
  opnum: 7,
  request: {
    hServer: contextHandle,
    logonId: u32,
    pTitle: wideArray({ most: 1024 }),
    titleLength: countOf('pTitle'),
    pMessage: wideArray({ most: 1024 }),
    messageLength: countOf('pMessage'),
    /** MB_OK and its like. */
    style: u32,
    /** In seconds. */
    timeout: u32,
    doNotWait: boolean,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    /** IDOK and its like, 32000 after the time-out, 32001 where nobody waited. */
    pResponse: u32,
    returnValue: boolean,
  },
});
