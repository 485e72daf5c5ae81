import { conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { rcmPublic } from '../interfaces.ts';

/** RpcGetUserCertificates (MS-TSTS 3.5.4.1.8). */
export const getUserCertificates = rpcCall(rcmPublic, {
  name: 'RpcGetUserCertificates',
  opnum: 10,
  request: {
    sessionId: u32,
  },
  response: {
    pcCerts: u32,
    ppbCerts: unique(conformantBytes({ most: 0x100000 })),
    pcbCerts: countOf('ppbCerts'),
    returnValue: i32,
  },
});
