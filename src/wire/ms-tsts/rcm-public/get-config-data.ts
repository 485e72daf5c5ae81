import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { rcmPublic } from '../interfaces.ts';

/** RpcGetConfigData (MS-TSTS 3.5.4.1.2). */
export const getConfigData = rpcCall(rcmPublic, {
  name: 'RpcGetConfigData',
  opnum: 1,
  request: {
    sessionId: u32,
  },
  response: {
    /** WINSTATIONCONFIG as it lies in memory: `structures/winstation-config.ts`. */
    ppBuff: unique(conformantBytes({ most: 0x10000 })),
    pOutBuffByteLen: countOf('ppBuff'),
    returnValue: i32,
  },
});
