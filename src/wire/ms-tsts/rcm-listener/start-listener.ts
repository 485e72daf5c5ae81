import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { rcmListener } from '../interfaces.ts';

/** RpcStartListener (MS-TSTS 3.5.4.2.4). */
export const startListener = rpcCall(rcmListener, {
  name: 'RpcStartListener',
  opnum: 3,
  request: {
    hListener: contextHandle,
  },
  response: {
    returnValue: i32,
  },
});
