import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { rcmListener } from '../interfaces.ts';

/** RpcStopListener (MS-TSTS 3.5.4.2.3). */
export const stopListener = rpcCall(rcmListener, {
  name: 'RpcStopListener',
  opnum: 2,
  request: {
    hListener: contextHandle,
  },
  response: {
    returnValue: i32,
  },
});
