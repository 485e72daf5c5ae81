import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { unique } from '../ndr/pointer.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';
import { rpcSecurityAttributes } from './security-attributes.ts';
import { unicodeString } from './unicode-string.ts';

/** Whether the key was created, or was there already (MS-RRP 3.1.5.7). */
export const disposition = { createdNewKey: 1, openedExistingKey: 2 } as const;

/** BaseRegCreateKey (MS-RRP 3.1.5.7). */
export const createKey = rpcCall(winreg, {
  name: 'BaseRegCreateKey',
  opnum: 6,
  request: {
    hKey: contextHandle,
    lpSubKey: unicodeString,
    lpClass: unicodeString,
    dwOptions: u32,
    /** REGSAM. */
    samDesired: u32,
    lpSecurityAttributes: unique(rpcSecurityAttributes),
    lpdwDisposition: unique(u32),
  },
  response: {
    phkResult: contextHandle,
    /** One of {@link disposition}. */
    lpdwDisposition: unique(u32),
    returnValue: u32,
  },
});
