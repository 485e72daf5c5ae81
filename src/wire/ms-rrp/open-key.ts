import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';
import { unicodeString } from './unicode-string.ts';

/** BaseRegOpenKey (MS-RRP 3.1.5.15). */
export const openKey = rpcCall(winreg, {
  name: 'BaseRegOpenKey',
  opnum: 15,
  request: {
    hKey: contextHandle,
    lpSubKey: unicodeString,
    dwOptions: u32,
    /** REGSAM. */
    samDesired: u32,
  },
  response: {
    phkResult: contextHandle,
    returnValue: u32,
  },
});
