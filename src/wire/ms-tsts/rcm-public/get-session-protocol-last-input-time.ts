import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { enum16, hyper, i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { rcmPublic } from '../interfaces.ts';

/** RpcGetSessionProtocolLastInputTime (MS-TSTS 3.5.4.1.7). */
export const getSessionProtocolLastInputTime = rpcCall(rcmPublic, {
  name: 'RpcGetSessionProtocolLastInputTime',
  opnum: 9,
  request: {
    sessionId: u32,
    /** Which of `protocolStatusInfoType`. */
    infoType: enum16,
  },
  response: {
    /** As it lies in memory: `structures/protocol-status.ts`. */
    ppProtoStatus: unique(conformantBytes({ most: 0x10000 })),
    pcbProtoStatus: countOf('ppProtoStatus'),
    pLastInputTime: hyper,
    returnValue: i32,
  },
});
