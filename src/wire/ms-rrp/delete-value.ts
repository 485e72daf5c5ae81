import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';
import { unicodeString } from './unicode-string.ts';

/** BaseRegDeleteValue (MS-RRP 3.1.5.9). */
export const deleteValue = rpcCall(winreg, {
  name: 'BaseRegDeleteValue',
  opnum: 8,
  request: {
    hKey: contextHandle,
    lpValueName: unicodeString,
  },
  response: {
    returnValue: u32,
  },
});
