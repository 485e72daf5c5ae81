import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { rcmListener } from '../interfaces.ts';

/** RpcCloseListener (MS-TSTS 3.5.4.2.2). */
export const closeListener = rpcCall(rcmListener, {
  name: 'RpcCloseListener',
  opnum: 1,
  request: {
    phListener: contextHandle,
  },
  response: {
    phListener: contextHandle,
    returnValue: i32,
  },
});
