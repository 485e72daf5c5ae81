import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { bool32, i32 } from '../../ndr/primitives.ts';
import { termSrvEnumeration } from '../interfaces.ts';

/** RpcFilterByState (MS-TSTS 3.3.4.3.3). */
export const filterByState = rpcCall(termSrvEnumeration, {
  name: 'RpcFilterByState',
  opnum: 2,
  request: {
    hEnum: contextHandle,
    /** WINSTATIONSTATECLASS. */
    state: i32,
    bInvert: bool32,
  },
  response: {
    returnValue: i32,
  },
});
