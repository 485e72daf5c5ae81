import { bufferedBytes, conformantBytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { enum16, i32, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { rcmPublic } from '../interfaces.ts';

/** RpcQuerySessionData (MS-TSTS 3.5.4.1.9). */
export const querySessionData = rpcCall(rcmPublic, {
  name: 'RpcQuerySessionData',
  opnum: 11,
  request: {
    sessionId: u32,
    /** QUERY_SESSION_DATA_TYPE (2.2.2.3). */
    type: enum16,
    pbInputData: unique(conformantBytes({ most: 8192 })),
    cbInputData: countOf('pbInputData'),
    /** How many bytes the response has room for. */
    cbSessionData: u32,
  },
  response: {
    /** Its maximum is the request's cbSessionData. */
    pbSessionData: bufferedBytes({ most: 8192 }),
    pcbReturnLength: u32,
    pcbRequireBufferSize: u32,
    returnValue: i32,
  },
});
