import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { bool32, i32, u32 } from '../../ndr/primitives.ts';
import { wideString } from '../../ndr/text.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcShowMessageBox (MS-TSTS 3.3.4.1.10). */
export const showMessageBox = rpcCall(termSrvSession, {
  name: 'RpcShowMessageBox',
  opnum: 9,
  request: {
    hSession: contextHandle,
    szTitle: wideString({ most: 0x8000 }),
    szMessage: wideString({ most: 0x8000 }),
    /** MB_OK and its like. */
    ulStyle: u32,
    /** In seconds. */
    ulTimeout: u32,
    bDoNotWait: bool32,
  },
  response: {
    /** IDOK and its like, 32000 after the time-out, 32001 where nobody waited. */
    pulResponse: u32,
    returnValue: i32,
  },
});
