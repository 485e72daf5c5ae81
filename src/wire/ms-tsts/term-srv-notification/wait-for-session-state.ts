import { rpcCall } from '../../ndr/call.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { termSrvNotification } from '../interfaces.ts';

/** RpcWaitForSessionState (MS-TSTS 3.3.4.2.1). */
export const waitForSessionState = rpcCall(termSrvNotification, {
  name: 'RpcWaitForSessionState',
  opnum: 0,
  request: {
    sessionId: i32,
    /** WINSTATIONSTATECLASS. */
    state: i32,
    /** In milliseconds. */
    timeout: u32,
  },
  response: {
    returnValue: i32,
  },
});
