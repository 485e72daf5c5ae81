import { rpcCall } from '../../ndr/call.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcGetLoggedOnCount (MS-TSTS 3.3.4.1.14). */
export const getLoggedOnCount = rpcCall(termSrvSession, {
  name: 'RpcGetLoggedOnCount',
  opnum: 15,
  request: {},
  response: {
    pUserSessions: u32,
    pDeviceSessions: u32,
    returnValue: i32,
  },
});
