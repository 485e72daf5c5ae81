import { rpcCall } from '../../ndr/call.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcGetSessionType (MS-TSTS 3.3.4.1.15). */
export const getSessionType = rpcCall(termSrvSession, {
  name: 'RpcGetSessionType',
  opnum: 16,
  request: {
    sessionId: i32,
  },
  response: {
    /** SESSIONTYPE (2.2.1.18). */
    pSessionType: u32,
    returnValue: i32,
  },
});
