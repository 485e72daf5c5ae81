import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcOpenSession (MS-TSTS 3.3.4.1.1). */
export const openSession = rpcCall(termSrvSession, {
  name: 'RpcOpenSession',
  opnum: 0,
  request: {
    sessionId: i32,
  },
  response: {
    phSession: contextHandle,
    returnValue: i32,
  },
});
