import { rpcCall } from '../ndr/call.ts';
import { contextHandle } from '../ndr/context-handle.ts';
import { unique } from '../ndr/pointer.ts';
import { u16, u32 } from '../ndr/primitives.ts';
import { winreg } from './interface.ts';

/** OpenLocalMachine (MS-RRP 3.1.5.3). */
export const openLocalMachine = rpcCall(winreg, {
  name: 'OpenLocalMachine',
  opnum: 2,
  request: {
    /** Null: the one that is spoken to. */
    serverName: unique(u16),
    /** REGSAM. */
    samDesired: u32,
  },
  response: {
    phKey: contextHandle,
    returnValue: u32,
  },
});
