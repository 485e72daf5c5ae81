import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { bool32, i32 } from '../../ndr/primitives.ts';
import { rcmListener } from '../interfaces.ts';

/** RpcIsListening (MS-TSTS 3.5.4.2.5). */
export const isListening = rpcCall(rcmListener, {
  name: 'RpcIsListening',
  opnum: 4,
  request: {
    hListener: contextHandle,
  },
  response: {
    pbIsListening: bool32,
    returnValue: i32,
  },
});
