import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { wideString } from '../../ndr/text.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcConnect (MS-TSTS 3.3.4.1.3). Windows may answer 1 for success: only what is negative is a failure. */
export const connect = rpcCall(termSrvSession, {
  name: 'RpcConnect',
  opnum: 2,
  request: {
    hSession: contextHandle,
    targetSessionId: i32,
    /** Empty where none is needed. */
    szPassword: wideString({ most: 1024 }),
  },
  response: {
    returnValue: i32,
  },
});
