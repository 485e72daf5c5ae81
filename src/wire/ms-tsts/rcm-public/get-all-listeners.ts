import { conformantArray } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { bool32, i32, u32 } from '../../ndr/primitives.ts';
import { countOf, struct } from '../../ndr/struct.ts';
import { wideChars } from '../../ndr/text.ts';
import { switchedUnion } from '../../ndr/union.ts';
import { rcmPublic } from '../interfaces.ts';

/** LISTENERENUM_LEVEL1 (MS-TSTS 2.2.2.12.1.1). */
const listenerEnumLevel1 = struct({ id: i32, bListening: bool32, name: wideChars(33) });

/** LISTENERENUM (2.2.2.12). */
const listenerEnum = switchedUnion(u32, { 1: listenerEnumLevel1 });

/** RpcGetAllListeners (MS-TSTS 3.5.4.1.6). */
export const getAllListeners = rpcCall(rcmPublic, {
  name: 'RpcGetAllListeners',
  opnum: 8,
  request: {
    /** 1. */
    level: u32,
  },
  response: {
    ppListeners: unique(conformantArray(listenerEnum, { most: 0x1000 })),
    pNumListeners: countOf('ppListeners'),
    returnValue: i32,
  },
});
