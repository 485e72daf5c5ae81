import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32 } from '../../ndr/primitives.ts';
import { wideString } from '../../ndr/text.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcGetTerminalName (MS-TSTS 3.3.4.1.7). */
export const getTerminalName = rpcCall(termSrvSession, {
  name: 'RpcGetTerminalName',
  opnum: 6,
  request: {
    hSession: contextHandle,
  },
  response: {
    pszTerminalName: unique(wideString({ most: 1024 })),
    returnValue: i32,
  },
});
