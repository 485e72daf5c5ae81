import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { icaApi } from '../interfaces.ts';

/** ShutdownFlags (MS-TSTS 3.7.4.1.14). */
export const shutdownFlag = { logoff: 1, shutdown: 2, reboot: 4, powerOff: 8, fastReboot: 16 } as const;

/** RpcWinStationShutdownSystem (MS-TSTS 3.7.4.1.14). */
export const shutdownSystem = rpcCall(icaApi, {
  name: 'RpcWinStationShutdownSystem',
  opnum: 15,
  request: {
    hServer: contextHandle,
    clientLogonId: u32,
    /** Of {@link shutdownFlag}. */
    shutdownFlags: u32,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    returnValue: boolean,
  },
});
