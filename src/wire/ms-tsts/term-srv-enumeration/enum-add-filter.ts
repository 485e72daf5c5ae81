import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvEnumeration } from '../interfaces.ts';

/** RpcEnumAddFilter (MS-TSTS 3.3.4.3.5). */
export const enumAddFilter = rpcCall(termSrvEnumeration, {
  name: 'RpcEnumAddFilter',
  opnum: 4,
  request: {
    hEnum: contextHandle,
    hSubEnum: contextHandle,
  },
  response: {
    returnValue: i32,
  },
});
