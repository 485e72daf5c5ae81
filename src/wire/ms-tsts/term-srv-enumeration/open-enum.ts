import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvEnumeration } from '../interfaces.ts';

/** RpcOpenEnum (MS-TSTS 3.3.4.3.1). */
export const openEnum = rpcCall(termSrvEnumeration, {
  name: 'RpcOpenEnum',
  opnum: 0,
  request: {},
  response: {
    phEnum: contextHandle,
    returnValue: i32,
  },
});
