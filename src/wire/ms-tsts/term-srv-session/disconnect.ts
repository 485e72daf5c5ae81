import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcDisconnect (MS-TSTS 3.3.4.1.4). */
export const disconnect = rpcCall(termSrvSession, {
  name: 'RpcDisconnect',
  opnum: 3,
  request: {
    hSession: contextHandle,
  },
  response: {
    returnValue: i32,
  },
});
