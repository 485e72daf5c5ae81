import { encodeInformation, informationClass } from '../../../wire/ms-tsts/ica-api/winstation-information-class.ts';
import { getAllProcessesNt6 } from '../../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { getProcessSid } from '../../../wire/ms-tsts/ica-api/get-process-sid.ts';
import { openServer } from '../../../wire/ms-tsts/ica-api/open-server.ts';
import { queryInformation } from '../../../wire/ms-tsts/ica-api/query-information.ts';
import { getAllListeners } from '../../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { getClientData } from '../../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getLastInputTime } from '../../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { getRemoteAddress } from '../../../wire/ms-tsts/rcm-public/get-remote-address.ts';
import { winStationClient } from '../../../wire/ms-tsts/structures/winstation-client.ts';
import { winStationInformation } from '../../../wire/ms-tsts/structures/winstation-information.ts';
import { closeEnum } from '../../../wire/ms-tsts/term-srv-enumeration/close-enum.ts';
import { getAllSessionsEx } from '../../../wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import { getEnumResult } from '../../../wire/ms-tsts/term-srv-enumeration/get-enum-result.ts';
import { openEnum } from '../../../wire/ms-tsts/term-srv-enumeration/open-enum.ts';
import { closeSession } from '../../../wire/ms-tsts/term-srv-session/close-session.ts';
import { getSessionInformationEx } from '../../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import { getState } from '../../../wire/ms-tsts/term-srv-session/get-state.ts';
import { getTerminalName } from '../../../wire/ms-tsts/term-srv-session/get-terminal-name.ts';
import { getTimes } from '../../../wire/ms-tsts/term-srv-session/get-times.ts';
import { getUserName } from '../../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { openSession } from '../../../wire/ms-tsts/term-srv-session/open-session.ts';
import { type CStructure, decodeStructure, encodeStructure } from '../../../wire/ndr/c-structure.ts';
import { type ContextHandle, nullHandle } from '../../../wire/ndr/context-handle.ts';
import type { HostFacts, ProcessFacts, SessionFacts } from '../facts.ts';
import { ntStatus } from '../../../wire/ms-erref/ntstatus.ts';
import { type Answer, answer, fault } from './host.ts';

/** A client tells its password in WINSTATIONCLIENT. */
export const password = 'hunter2';

/** What a host of these facts answers. Names are cut where a field holds no more of them. */
export function answersOf(facts: HostFacts): readonly Answer[] {
  return [
    ...listAnswers(facts),
    ...sessionAnswers(facts),
    ...clientAnswers(facts),
    ...icaAnswers(facts),
    sidAnswer(facts),
  ];
}

/** ERROR_CTX_WINSTATION_NOT_FOUND as an HRESULT. */
export const noSuchSession = 0x80071b6e | 0;

const handle = (number: number): ContextHandle => ({ ...nullHandle, attributes: number });

function zeros<T>(structure: CStructure<T>): T {
  return decodeStructure('zeros', structure, new Uint8Array(structure.size));
}

function listAnswers({ sessions }: HostFacts): readonly Answer[] {
  return [
    answer(getAllSessionsEx, () => ({
      ppSessionData: sessions.map(({ id, state, name, user, domain }) => ({
        tag: 1 as const,
        value: {
          execEnvId: id,
          state,
          absSessionId: id,
          pszSessionName: name,
          pszHostName: null,
          pszUserName: user,
          pszDomainName: domain,
          pszFarmName: null,
        },
      })),
      returnValue: 0,
    })),
    answer(openEnum, () => ({ phEnum: handle(1), returnValue: 0 })),
    answer(getEnumResult, () => ({
      ppSessionEnumResult: sessions.map(({ id, state, name }) => ({
        tag: 1 as const,
        value: { sessionId: id, state, name },
      })),
      returnValue: 0,
    })),
    answer(closeEnum, () => ({ phEnum: nullHandle, returnValue: 0 })),
  ];
}

function sessionAnswers({ sessions }: HostFacts): readonly Answer[] {
  return [
    answer(getSessionInformationEx, ({ sessionId }) => {
      const one = sessions.find(({ id }) => id === sessionId);
      if (one === undefined) return fault('ERROR_CTX_WINSTATION_NOT_FOUND');
      const { state, locked, name, user, domain, times } = one;
      return {
        lsmSessionInfoExPtr: {
          tag: 1 as const,
          value: {
            sessionState: state,
            sessionFlags: locked === null ? -1 : locked ? 0 : 1,
            sessionName: name.slice(0, 32),
            domainName: domain.slice(0, 17),
            userName: user.slice(0, 20),
            connectTime: times?.connected ?? 0n,
            disconnectTime: times?.disconnected ?? 0n,
            logonTime: times?.loggedOn ?? 0n,
            lastInputTime: times?.lastInput ?? 0n,
            protocolData: null,
          },
        },
        returnValue: 0,
      };
    }),
    answer(openSession, ({ sessionId }) =>
      sessions.some(({ id }) => id === sessionId)
        ? { phSession: handle(sessionId), returnValue: 0 }
        : { phSession: nullHandle, returnValue: noSuchSession },
    ),
    answer(getTimes, ({ hSession }) => {
      const times = sessions.find(({ id }) => id === hSession.attributes)?.times;
      return {
        pConnectTime: times?.connected ?? 0n,
        pDisconnectTime: times?.disconnected ?? 0n,
        pLogonTime: times?.loggedOn ?? 0n,
        returnValue: 0,
      };
    }),
    answer(getState, ({ hSession }) => {
      const state = sessions.find(({ id }) => id === hSession.attributes)?.state;
      return { plState: state ?? 0, returnValue: state === undefined ? noSuchSession : 0 };
    }),
    answer(getTerminalName, ({ hSession }) => {
      const name = sessions.find(({ id }) => id === hSession.attributes)?.name ?? null;
      return { pszTerminalName: name, returnValue: 0 };
    }),
    answer(getUserName, ({ hSession }) => {
      const one = sessions.find(({ id }) => id === hSession.attributes);
      return { pszUserName: one?.user ?? null, pszDomain: one?.domain ?? null, returnValue: 0 };
    }),
    answer(closeSession, () => ({ phSession: nullHandle, returnValue: 0 })),
  ];
}

function clientAnswers({ sessions, listeners }: HostFacts): readonly Answer[] {
  const sessionOf = (sessionId: number): SessionFacts | undefined => sessions.find(({ id }) => id === sessionId);
  return [
    answer(getAllListeners, () => ({
      ppListeners: listeners.map(({ id, name, listening }) => ({
        tag: 1 as const,
        value: { id, name, bListening: listening },
      })),
      returnValue: 0,
    })),
    answer(getLastInputTime, ({ sessionId }) => ({
      pLastInputTime: sessionOf(sessionId)?.lastInputTime ?? 0n,
      returnValue: 0,
    })),
    answer(getClientData, ({ sessionId }) => {
      const client = sessionOf(sessionId)?.client ?? null;
      if (client === null) return fault('ERROR_CTX_WINSTATION_NOT_FOUND');
      const { name: clientName, width: hRes, height: vRes, colorDepth, protocolType } = client;
      const told = { ...zeros(winStationClient), clientName, hRes, vRes, colorDepth, protocolType, password };
      return { ppBuff: encodeStructure(winStationClient, told), returnValue: 0 };
    }),
    answer(getRemoteAddress, ({ sessionId }) => {
      const address = sessionOf(sessionId)?.address ?? '0.0.0.0';
      const inAddr = Uint8Array.from(address.split('.').map(Number));
      return {
        pRemoteAddress: { tag: 2 as const, value: { sinPort: 3389, inAddr, sinZero: new Uint8Array(8) } },
        returnValue: 0,
      };
    }),
  ];
}

function icaAnswers({ now, sessions, processes }: HostFacts): readonly Answer[] {
  return [
    answer(openServer, () => ({ pResult: 0, phServer: handle(7), returnValue: true })),
    answer(queryInformation, ({ logonId }) => {
      const traffic = sessions.find(({ id }) => id === logonId)?.traffic ?? { fromClient: 0, toClient: 0 };
      const information = zeros(winStationInformation);
      const { input, output } = information.status;
      const status = {
        ...information.status,
        input: { ...input, bytes: traffic.fromClient },
        output: { ...output, bytes: traffic.toClient },
      };
      const told = { ...information, status, currentTime: now };
      const pWinStationInformation = encodeInformation(informationClass.information, told);
      return { pResult: 0, pWinStationInformation, pReturnLength: pWinStationInformation.length, returnValue: true };
    }),
    answer(getAllProcessesNt6, () => ({
      pResult: 0,
      ppTsAllProcessesInfo: (processes ?? []).map(processInfo),
      returnValue: true,
    })),
  ];
}

/** Which process has this pid and start: an NTSTATUS says that none has. */
function sidAnswer({ processes }: HostFacts): Answer {
  return answer(getProcessSid, ({ dwUniqueProcessId: pid, processStartTime: start, pProcessUserSid }) => {
    const one = (processes ?? []).find((process) => process.pid === pid && process.createTime === start);
    if (one === undefined) {
      return { pResult: ntStatus.STATUS_INVALID_PARAMETER | 0, pProcessUserSid, pdwSizeNeeded: 0, returnValue: false };
    }
    return { pResult: 0, pProcessUserSid, pdwSizeNeeded: 28, returnValue: true };
  });
}

function processInfo({ pid, parentPid, sessionId, name, createTime, cpuTime, workingSetBytes, sid }: ProcessFacts) {
  const rest = {
    nextEntryOffset: 0,
    numberOfThreads: 1,
    kernelTime: 0n,
    basePriority: 8,
    handleCount: 0,
    peakVirtualSize: 0,
    virtualSize: 0,
    pageFaultCount: 0,
    peakWorkingSetSize: 0,
    quotaPeakPagedPoolUsage: 0,
    quotaPagedPoolUsage: 0,
    quotaPeakNonPagedPoolUsage: 0,
    quotaNonPagedPoolUsage: 0,
    pagefileUsage: 0,
    peakPagefileUsage: 0,
    privatePageCount: 0,
  };
  return {
    pTsProcessInfo: {
      ...rest,
      createTime,
      userTime: cpuTime,
      imageName: { maximumLength: 2 * name.length, buffer: name },
      uniqueProcessId: pid,
      inheritedFromUniqueProcessId: parentPid,
      sessionId,
      workingSetSize: workingSetBytes,
    },
    pSid: sid === null ? null : sidBytes(sid),
  };
}

/** [MS-DTYP] 2.4.2.2. */
function sidBytes(sid: string): Uint8Array {
  const [authority = 0, ...subAuthorities] = sid.split('-').slice(2).map(Number);
  const bytes = Buffer.alloc(8 + 4 * subAuthorities.length);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(subAuthorities.length, 1);
  bytes.writeUIntBE(authority, 2, 6);
  for (const [at, value] of subAuthorities.entries()) bytes.writeUInt32LE(value, 8 + 4 * at);
  return bytes;
}
