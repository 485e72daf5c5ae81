import { rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { bool32, hyper, i32 } from '../../ndr/primitives.ts';
import { struct } from '../../ndr/struct.ts';
import { wideString } from '../../ndr/text.ts';
import { termSrvSession } from '../interfaces.ts';

/** LSMSESSIONINFORMATION (MS-TSTS 2.2.2.8). */
const lsmSessionInformation = struct({
  pszUserName: unique(wideString({ most: 1024 })),
  pszDomain: unique(wideString({ most: 1024 })),
  pszTerminalName: unique(wideString({ most: 1024 })),
  /** WINSTATIONSTATECLASS. */
  sessionState: i32,
  desktopLocked: bool32,
  connectTime: hyper,
  disconnectTime: hyper,
  logonTime: hyper,
});

/** RpcGetSessionInformation (MS-TSTS 3.3.4.1.13). */
export const getSessionInformation = rpcCall(termSrvSession, {
  name: 'RpcGetSessionInformation',
  opnum: 12,
  request: {
    sessionId: i32,
  },
  response: {
    pSessionInfo: lsmSessionInformation,
    returnValue: i32,
  },
});
