import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvEnumeration } from '../interfaces.ts';

/** RpcFilterByCallersName (MS-TSTS 3.3.4.3.4). */
export const filterByCallersName = rpcCall(termSrvEnumeration, {
  name: 'RpcFilterByCallersName',
  opnum: 3,
  request: {
    hEnum: contextHandle,
  },
  response: {
    returnValue: i32,
  },
});
