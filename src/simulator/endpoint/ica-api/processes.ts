import { getAllProcessesNt6 } from '../../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { getAllProcesses } from '../../../wire/ms-tsts/ica-api/get-all-processes.ts';
import { getProcessSid } from '../../../wire/ms-tsts/ica-api/get-process-sid.ts';
import { getTermSrvCountersValue } from '../../../wire/ms-tsts/ica-api/get-term-srv-counters-value.ts';
import { terminateProcess } from '../../../wire/ms-tsts/ica-api/terminate-process.ts';
import { sidBytes } from '../../security/sid.ts';
import { isAdministrator } from '../../world/account.ts';
import { terminate } from '../../world/acts/terminate.ts';
import { cpuTime, type SimulatedProcess } from '../../world/process.ts';
import { hasRight, rightsWith } from '../../world/rights.ts';
import { countersOf } from '../counters.ts';
import { hresults, mustBeTakenOn, type No, Refused } from '../refusal.ts';
import { type Caller, ntStatusCall, plainCall, type ServedCall } from '../served-call.ts';
import { done, mustBeOpen } from './server.ts';

/** GAP_LEVEL_BASIC. */
const basic = 0;
const mostU32 = 0xffffffff;

/** What nobody asks of a simulated process. */
const untold = {
  nextEntryOffset: 0,
  pageFaultCount: 0,
  quotaPeakPagedPoolUsage: 0,
  quotaPagedPoolUsage: 0,
  quotaPeakNonPagedPoolUsage: 0,
  quotaNonPagedPoolUsage: 0,
} as const;

/** Threads, handles and private memory are no facts of their own: they are told as they go with the working set. */
function processInfo(caller: Caller, process: SimulatedProcess) {
  const { pid, parentPid, image, sessionId, start, workingSet } = process;
  const used = cpuTime(process, caller.host.now());
  const kernelTime = used / 4n;
  const size = Math.min(workingSet, mostU32);
  const half = Math.floor(size / 2);
  // The idle process has no name.
  const name = pid === 0 ? null : image;
  return {
    pTsProcessInfo: {
      ...untold,
      numberOfThreads: 4 + Math.floor(size / 16_777_216),
      createTime: start,
      userTime: used - kernelTime,
      kernelTime,
      imageName: { maximumLength: name === null ? 0 : 2 * name.length + 2, buffer: name },
      basePriority: 8,
      uniqueProcessId: pid,
      inheritedFromUniqueProcessId: parentPid,
      handleCount: 64 + Math.floor(size / 262_144),
      sessionId,
      peakVirtualSize: size,
      virtualSize: size,
      peakWorkingSetSize: size,
      workingSetSize: size,
      pagefileUsage: half,
      peakPagefileUsage: half,
      privatePageCount: half,
    },
    pSid: process.sid !== null && mayKnowUser(caller, process) ? sidBytes(process.sid) : null,
  };
}

/** Whose a process is, administrators know, and everybody of his own. */
const mayKnowUser = ({ account }: Caller, { sid }: SimulatedProcess): boolean =>
  isAdministrator(account) || sid === account.sid;

/** Those of the sessions that the caller may query ([MS-TSTS] 3.7.4.1.22). */
function seen({ host, account }: Caller): readonly SimulatedProcess[] {
  const queriable = new Set(
    host
      .allSessions()
      .filter((session) => hasRight(rightsWith(host, account, session), 'query'))
      .map(({ id }) => id),
  );
  return [...host.processes.values()].filter(({ sessionId }) => queriable.has(sessionId));
}

interface ProcessesRequest {
  readonly level: number;
  readonly pNumberOfProcesses: number;
}

function processesFor(caller: Caller, { level, pNumberOfProcesses }: ProcessesRequest) {
  if (level !== basic) throw new Refused('invalid-parameter');
  return seen(caller)
    .slice(0, pNumberOfProcesses)
    .map((process) => processInfo(caller, process));
}

const noProcesses = () => ({ ppTsAllProcessesInfo: null });

export const icaProcessCalls: readonly ServedCall[] = [
  ntStatusCall(getAllProcesses, noProcesses, (caller, request) => {
    mustBeOpen(caller, request);
    return { ppTsAllProcessesInfo: processesFor(caller, request), ...done };
  }),
  ntStatusCall(getAllProcessesNt6, noProcesses, (caller, request) => {
    mustBeOpen(caller, request);
    return { ppTsAllProcessesInfo: processesFor(caller, request), ...done };
  }),
  ntStatusCall(
    terminateProcess,
    () => ({}),
    (caller, request) => {
      mustBeOpen(caller, request);
      const process = caller.host.processes.get(request.processId);
      if (process === undefined) throw new Refused('no-such-process');
      if (!mayKnowUser(caller, process)) throw new Refused('access-denied');
      mustBeTakenOn(terminate(caller.host, process, caller.actor));
      return done;
    },
    ({ host }, { processId }) => host.sessions.get(host.processes.get(processId)?.sessionId ?? -1) ?? null,
  ),
  ntStatusCall(
    getTermSrvCountersValue,
    ({ pCounter }) => ({ pCounter }),
    (caller, request) => {
      mustBeOpen(caller, request);
      return { pCounter: countersOf(caller.host, request.pCounter), ...done };
    },
  ),
  plainCall(getProcessSid, (caller, request) => {
    mustBeOpen(caller, request);
    const { dwUniqueProcessId, processStartTime, pProcessUserSid: room } = request;
    const no = (why: No, pdwSizeNeeded: number) => ({
      pResult: hresults[why] | 0,
      pProcessUserSid: room,
      pdwSizeNeeded,
      returnValue: false,
    });
    const process = caller.host.processes.get(dwUniqueProcessId);
    if (process === undefined || process.start !== processStartTime) return no('no-such-process', 0);
    if (process.sid === null || !mayKnowUser(caller, process)) return no('access-denied', 0);
    const sid = sidBytes(process.sid);
    if (room === null || room.length < sid.length) return no('too-small', sid.length);
    const pProcessUserSid = new Uint8Array(room.length);
    pProcessUserSid.set(sid);
    return { pResult: 0, pProcessUserSid, pdwSizeNeeded: sid.length, returnValue: true };
  }),
];
