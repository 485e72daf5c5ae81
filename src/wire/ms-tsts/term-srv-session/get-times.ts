import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { hyper, i32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcGetTimes (MS-TSTS 3.3.4.1.11). */
export const getTimes = rpcCall(termSrvSession, {
  name: 'RpcGetTimes',
  opnum: 10,
  request: {
    hSession: contextHandle,
  },
  response: {
    pConnectTime: hyper,
    pDisconnectTime: hyper,
    pLogonTime: hyper,
    returnValue: i32,
  },
});
