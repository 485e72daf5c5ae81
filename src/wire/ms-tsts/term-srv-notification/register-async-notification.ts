import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { termSrvNotification } from '../interfaces.ts';

/** TNotificationId (MS-TSTS 2.2.1.14). */
export const notificationId = {
  create: 0x1,
  connect: 0x2,
  disconnect: 0x4,
  logon: 0x8,
  logoff: 0x10,
  shadowStart: 0x20,
  shadowStop: 0x40,
  terminate: 0x80,
  consoleConnect: 0x100,
  consoleDisconnect: 0x200,
  lock: 0x400,
  unlock: 0x800,
  all: 0xffffffff,
} as const;

/** RpcRegisterAsyncNotification (MS-TSTS 3.3.4.2.2). */
export const registerAsyncNotification = rpcCall(termSrvNotification, {
  name: 'RpcRegisterAsyncNotification',
  opnum: 1,
  request: {
    /** -1 stands for all. */
    sessionId: i32,
    /** What of {@link notificationId} is asked for. */
    mask: u32,
  },
  response: {
    phNotify: contextHandle,
    returnValue: i32,
  },
});
