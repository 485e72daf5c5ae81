import { rpcCall } from '../../ndr/call.ts';
import { hyper, i32, u32 } from '../../ndr/primitives.ts';
import { rcmPublic } from '../interfaces.ts';

/** RpcGetLastInputTime (MS-TSTS 3.5.4.1.4). */
export const getLastInputTime = rpcCall(rcmPublic, {
  name: 'RpcGetLastInputTime',
  opnum: 3,
  request: {
    sessionId: u32,
  },
  response: {
    pLastInputTime: hyper,
    returnValue: i32,
  },
});
