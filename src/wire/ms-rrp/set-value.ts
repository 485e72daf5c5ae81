import { conformantBytes } from '../ndr/arrays.ts';
import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { u32 } from '../ndr/primitives.ts';
import { countOf } from '../ndr/struct.ts';
import { winreg } from './interface.ts';
import { unicodeString } from './unicode-string.ts';
import { mostData } from './value.ts';

/** BaseRegSetValue (MS-RRP 3.1.5.22). */
export const setValue = rpcCall(winreg, {
  name: 'BaseRegSetValue',
  opnum: 22,
  request: {
    hKey: contextHandle,
    lpValueName: unicodeString,
    /** Of `valueType`. */
    dwType: u32,
    lpData: conformantBytes({ most: mostData }),
    cbData: countOf('lpData'),
  },
  response: {
    returnValue: u32,
  },
});
