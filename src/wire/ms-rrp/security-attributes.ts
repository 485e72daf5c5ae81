import { bufferedBytes } from '../ndr/arrays.ts';
import { unique } from '../ndr/pointer.ts';
import { boolean, u32 } from '../ndr/primitives.ts';
import { struct } from '../ndr/struct.ts';

/** RPC_SECURITY_DESCRIPTOR (MS-RRP 2.2.8). */
const rpcSecurityDescriptor = struct({
  lpSecurityDescriptor: unique(bufferedBytes({ most: 0x10000 })),
  cbInSecurityDescriptor: u32,
  cbOutSecurityDescriptor: u32,
});

/** RPC_SECURITY_ATTRIBUTES (2.2.7). */
export const rpcSecurityAttributes = struct({
  nLength: u32,
  rpcSecurityDescriptor,
  bInheritHandle: boolean,
});
