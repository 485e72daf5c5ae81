import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvEnumeration } from '../interfaces.ts';

/** RpcCloseEnum (MS-TSTS 3.3.4.3.2). */
export const closeEnum = rpcCall(termSrvEnumeration, {
  name: 'RpcCloseEnum',
  opnum: 1,
  request: {
    phEnum: contextHandle,
  },
  response: {
    phEnum: contextHandle,
    returnValue: i32,
  },
});
