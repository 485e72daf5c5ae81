import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { fileTime, u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';
import { unicodeRoom, unicodeString } from './unicode-string.ts';

/** BaseRegQueryInfoKey (MS-RRP 3.1.5.16). */
export const queryInfoKey = rpcCall(winreg, {
  name: 'BaseRegQueryInfoKey',
  opnum: 16,
  request: {
    hKey: contextHandle,
    lpClassIn: unicodeRoom,
  },
  response: {
    lpClassOut: unicodeString,
    lpcSubKeys: u32,
    /** In characters, without a terminator, as the lengths of classes and of values' names. */
    lpcbMaxSubKeyLen: u32,
    lpcbMaxClassLen: u32,
    lpcValues: u32,
    lpcbMaxValueNameLen: u32,
    /** In bytes. */
    lpcbMaxValueLen: u32,
    lpcbSecurityDescriptor: u32,
    lpftLastWriteTime: fileTime,
    returnValue: u32,
  },
});
