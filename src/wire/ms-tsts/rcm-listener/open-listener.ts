import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { wideString } from '../../ndr/text.ts';
import { rcmListener } from '../interfaces.ts';

/** RpcOpenListener (MS-TSTS 3.5.4.2.1). */
export const openListener = rpcCall(rcmListener, {
  name: 'RpcOpenListener',
  opnum: 0,
  request: {
    szListenerName: wideString({ most: 1024 }),
  },
  response: {
    phListener: contextHandle,
    returnValue: i32,
  },
});
