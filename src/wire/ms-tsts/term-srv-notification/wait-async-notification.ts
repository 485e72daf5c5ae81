import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { countOf, struct } from '../../ndr/struct.ts';
import { termSrvNotification } from '../interfaces.ts';

/** SESSION_CHANGE (MS-TSTS 2.2.2.42). */
const sessionChange = struct({ sessionId: i32, notificationId: u32 });

/** RpcWaitAsyncNotification (MS-TSTS 3.3.4.2.3). The server answers when something has happened. */
export const waitAsyncNotification = rpcCall(termSrvNotification, {
  name: 'RpcWaitAsyncNotification',
  opnum: 2,
  request: {
    hNotify: contextHandle,
  },
  response: {
    sessionChange: unique(conformantArray(sessionChange, { most: 0xffff })),
    pEntries: countOf('sessionChange'),
    returnValue: i32,
  },
});
