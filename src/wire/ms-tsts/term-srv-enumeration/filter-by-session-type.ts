import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { guid } from '../../ndr/guid.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvEnumeration } from '../interfaces.ts';

/** RpcFilterBySessionType (MS-TSTS 3.3.4.3.7). */
export const filterBySessionType = rpcCall(termSrvEnumeration, {
  name: 'RpcFilterBySessionType',
  opnum: 6,
  request: {
    hEnum: contextHandle,
    pSessionType: guid,
  },
  response: {
    returnValue: i32,
  },
});
