import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';

/** BaseRegCloseKey (MS-RRP 3.1.5.6). */
export const closeKey = rpcCall(winreg, {
  name: 'BaseRegCloseKey',
  opnum: 5,
  request: {
    hKey: contextHandle,
  },
  response: {
    hKey: contextHandle,
    returnValue: u32,
  },
});
