import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';
import { unicodeRoom, unicodeString } from './unicode-string.ts';
import { value } from './value.ts';

/** BaseRegEnumValue (MS-RRP 3.1.5.11). */
export const enumValue = rpcCall(winreg, {
  name: 'BaseRegEnumValue',
  opnum: 10,
  request: {
    hKey: contextHandle,
    dwIndex: u32,
    lpValueNameIn: unicodeRoom,
    ...value,
  },
  response: {
    lpValueNameOut: unicodeString,
    ...value,
    returnValue: u32,
  },
});
