import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { rcmPublic } from '../interfaces.ts';

/** RpcGetClientData (MS-TSTS 3.5.4.1.1). */
export const getClientData = rpcCall(rcmPublic, {
  name: 'RpcGetClientData',
  opnum: 0,
  request: {
    sessionId: u32,
  },
  response: {
    /** WINSTATIONCLIENT as it lies in memory: `structures/winstation-client.ts`. */
    ppBuff: unique(conformantBytes({ most: 0x10000 })),
    pOutBuffByteLen: countOf('ppBuff'),
    returnValue: i32,
  },
});
