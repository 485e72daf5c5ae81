import { rpcCall } from '../../ndr/call.ts';
import { enum16, i32, u32 } from '../../ndr/primitives.ts';
import { bufferedString } from '../../ndr/text.ts';
import { sessEnvPublicRpc } from '../interfaces.ts';

/** RpcShadow2 (MS-TSTS 3.10.4.1.1). */
export const shadow2 = rpcCall(sessEnvPublicRpc, {
  name: 'RpcShadow2',
  opnum: 0,
  request: {
    targetSessionId: u32,
    /** SHADOW_CONTROL_REQUEST (2.2.1.19): 0 to view, 1 to take control. */
    eRequestControl: enum16,
    /** SHADOW_PERMISSION_REQUEST (2.2.1.20): 0 silently, 1 with the user's permission. */
    eRequestPermission: enum16,
    /** How many characters the invitation may have, its terminator included. */
    cchInvitation: u32,
  },
  response: {
    /** SHADOW_REQUEST_RESPONSE (2.2.1.21). */
    pePermission: enum16,
    /** Its maximum is the request's cchInvitation. */
    pszInvitation: bufferedString({ most: 8192 }),
    returnValue: i32,
  },
});
