import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';

/** BaseRegGetVersion (MS-RRP 3.1.5.24). */
export const getVersion = rpcCall(winreg, {
  name: 'BaseRegGetVersion',
  opnum: 26,
  request: {
    hKey: contextHandle,
  },
  response: {
    lpdwVersion: u32,
    returnValue: u32,
  },
});
