import { rpcCall } from '../../ndr/call.ts';
import { contextHandle } from '../../ndr/context-handle.ts';
import { unique } from '../../ndr/pointer.ts';
import { boolean, u32 } from '../../ndr/primitives.ts';
import { countOf } from '../../ndr/struct.ts';
import { icaApi } from '../interfaces.ts';
import { allProcesses } from './all-processes.ts';
import { tsAllProcessesInfo } from './process-information.ts';

/** RpcWinStationGetAllProcesses (MS-TSTS 3.7.4.1.22). */
export const getAllProcesses = rpcCall(icaApi, {
  name: 'RpcWinStationGetAllProcesses',
  opnum: 43,
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
    ppTsAllProcessesInfo: unique(allProcesses(tsAllProcessesInfo)),
    returnValue: boolean,
  },
});
