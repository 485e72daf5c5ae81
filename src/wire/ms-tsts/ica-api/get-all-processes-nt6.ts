import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { icaApi } from '../interfaces.ts';
import { allProcesses } from './all-processes.ts';
import { tsAllProcessesInfoNt6 } from './process-information.ts';

/** RpcWinStationGetAllProcesses_NT6 (MS-TSTS 3.7.4.1.34). */
export const getAllProcessesNt6 = rpcCall(icaApi, {
  name: 'RpcWinStationGetAllProcesses_NT6',
  opnum: 70,
  request: {
    hServer: contextHandle,
    /** GAP_LEVEL_BASIC: 0. */
    level: u32,
    /** The most that are asked for. */
    pNumberOfProcesses: u32,
  },
  response: {
    /** NTSTATUS. */
    pResult: u32,
    pNumberOfProcesses: countOf('ppTsAllProcessesInfo'),
    ppTsAllProcessesInfo: unique(allProcesses(tsAllProcessesInfoNt6)),
    returnValue: boolean,
  },
});
