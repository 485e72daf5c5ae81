import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32 } from '../../ndr/primitives.ts';
import { wideString } from '../../ndr/text.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcGetUserName (MS-TSTS 3.3.4.1.6). Both are whole here, elsewhere they are cut. */
export const getUserName = rpcCall(termSrvSession, {
  name: 'RpcGetUserName',
  opnum: 5,
  request: {
    hSession: contextHandle,
  },
  response: {
    pszUserName: unique(wideString({ most: 1024 })),
    pszDomain: unique(wideString({ most: 1024 })),
    returnValue: i32,
  },
});
