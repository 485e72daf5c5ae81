import { rpcCall } from '../../ndr/call.ts';
import { i32, u16, u32 } from '../../ndr/primitives.ts';
import { switchedUnion } from '../../ndr/union.ts';
import { rcmPublic } from '../interfaces.ts';
import { socketAddresses } from '../socket-address.ts';

/** RpcGetRemoteAddress (MS-TSTS 3.5.4.1.5). */
export const getRemoteAddress = rpcCall(rcmPublic, {
  name: 'RpcGetRemoteAddress',
  opnum: 4,
  request: {
    sessionId: u32,
  },
  response: {
    /** RCM_REMOTEADDRESS (2.2.2.43). */
    pRemoteAddress: switchedUnion(u16, socketAddresses),
    returnValue: i32,
  },
});
