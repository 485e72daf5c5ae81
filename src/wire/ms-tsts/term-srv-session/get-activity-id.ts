import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { guid } from '../../ndr/guid.ts';
import { unique } from '../../ndr/pointer.ts';
import { i32 } from '../../ndr/primitives.ts';
import { termSrvSession } from '../interfaces.ts';

/**
 * RpcGetActivityId (MS-TSTS 3.3.4.1.17). Windows 11 22H2, Windows Server 2025 and later.
 * The section says GUID*, the IDL in 6.1 says GUID**, which is what is declared here.
 */
export const getActivityId = rpcCall(termSrvSession, {
  name: 'RpcGetActivityId',
  opnum: 21,
  request: {
    hSession: contextHandle,
  },
  response: {
    pActivityId: unique(guid),
    returnValue: i32,
  },
});
