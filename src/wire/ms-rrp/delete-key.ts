import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';
import { unicodeString } from './unicode-string.ts';

/** BaseRegDeleteKey (MS-RRP 3.1.5.8). */
export const deleteKey = rpcCall(winreg, {
  name: 'BaseRegDeleteKey',
  opnum: 7,
  request: {
    hKey: contextHandle,
    lpSubKey: unicodeString,
  },
  response: {
    returnValue: u32,
  },
});
