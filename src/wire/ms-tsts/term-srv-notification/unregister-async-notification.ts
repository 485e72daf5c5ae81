import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvNotification } from '../interfaces.ts';

/** RpcUnRegisterAsyncNotification (MS-TSTS 3.3.4.2.4). */
export const unregisterAsyncNotification = rpcCall(termSrvNotification, {
  name: 'RpcUnRegisterAsyncNotification',
  opnum: 3,
  request: {
    phNotify: contextHandle,
  },
  response: {
    phNotify: contextHandle,
    returnValue: i32,
  },
});
