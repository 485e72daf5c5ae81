import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/** RpcIsSessionDesktopLocked (MS-TSTS 3.3.4.1.9). Zero says that it is, a failure that it is not. */
export const isSessionDesktopLocked = rpcCall(termSrvSession, {
  name: 'RpcIsSessionDesktopLocked',
  opnum: 8,
  request: {
    hSession: contextHandle,
  },
  response: {
    returnValue: i32,
  },
});
