import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcLogoff (MS-TSTS 3.3.4.1.5). Windows may answer 0x10000000 for success: only what is negative is a failure. */
export const logoff = rpcCall(termSrvSession, {
  name: 'RpcLogoff',
  opnum: 4,
  request: {
    hSession: contextHandle,
  },
  response: {
    returnValue: i32,
  },
});
