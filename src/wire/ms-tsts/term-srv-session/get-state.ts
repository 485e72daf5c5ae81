import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcGetState (MS-TSTS 3.3.4.1.8). */
export const getState = rpcCall(termSrvSession, {
  name: 'RpcGetState',
  opnum: 7,
  request: {
    hSession: contextHandle,
  },
  response: {
    /** WINSTATIONSTATECLASS. */
    plState: i32,
    returnValue: i32,
  },
});
