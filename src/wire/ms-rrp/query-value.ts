import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';
import { unicodeString } from './unicode-string.ts';
import { value } from './value.ts';

/** BaseRegQueryValue (MS-RRP 3.1.5.17). */
export const queryValue = rpcCall(winreg, {
  name: 'BaseRegQueryValue',
  opnum: 17,
  request: {
    hKey: contextHandle,
    lpValueName: unicodeString,
    ...value,
  },
  response: {
    ...value,
    returnValue: u32,
  },
});
