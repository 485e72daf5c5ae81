import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { unique } from '../ndr/pointer.ts';
import { fileTime, u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';
import { unicodeRoom, unicodeString } from './unicode-string.ts';

/** BaseRegEnumKey (MS-RRP 3.1.5.10). */
export const enumKey = rpcCall(winreg, {
  name: 'BaseRegEnumKey',
  opnum: 9,
  request: {
    hKey: contextHandle,
    dwIndex: u32,
    lpNameIn: unicodeRoom,
    lpClassIn: unique(unicodeRoom),
    lpftLastWriteTime: unique(fileTime),
  },
  response: {
    lpNameOut: unicodeString,
    lplpClassOut: unique(unicodeString),
    lpftLastWriteTime: unique(fileTime),
    returnValue: u32,
  },
});
