import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';

/** BaseRegFlushKey (MS-RRP 3.1.5.12). */
export const flushKey = rpcCall(winreg, {
  name: 'BaseRegFlushKey',
  opnum: 11,
  request: {
    hKey: contextHandle,
  },
  response: {
    returnValue: u32,
  },
});
