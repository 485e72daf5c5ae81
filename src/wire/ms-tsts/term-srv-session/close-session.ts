import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcCloseSession (MS-TSTS 3.3.4.1.2). */
export const closeSession = rpcCall(termSrvSession, {
  name: 'RpcCloseSession',
  opnum: 1,
  request: {
    phSession: contextHandle,
  },
  response: {
    phSession: contextHandle,
    returnValue: i32,
  },
});
