import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import {
  decodeInformation,
  informationClass,
  informationLength,
} from '../../wire/ms-tsts/ica-api/winstation-information-class.ts';
import { queryInformation } from '../../wire/ms-tsts/ica-api/query-information.ts';
import { getClientData } from '../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getLastInputTime } from '../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { getRemoteAddress } from '../../wire/ms-tsts/rcm-public/get-remote-address.ts';
import { decodeStructure } from '../../wire/ndr/c-structure.ts';
import { winStationClient } from '../../wire/ms-tsts/structures/winstation-client.ts';
import {
  getSessionInformationEx,
  sessionFlags,
} from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import { formatAddress } from './address.ts';
import type { ClientFacts, SessionTimes, Traffic } from './facts.ts';
import { failureOfHresult, failureOfIcaApi, succeed } from './results.ts';
import type { RpcPipe } from './rpc-pipe.ts';

/** What LSM tells of one session. Its names are cut. */
export interface Information {
  readonly state: number;
  readonly name: string;
  readonly user: string;
  readonly domain: string;
  readonly times: SessionTimes;
  readonly locked: boolean | null;
}

/** LSM_SESSIONINFO_EX: times, lock, and names that may be cut. Throws `UsherError`, as all of these do. */
export async function readInformation(lsm: RpcPipe, sessionId: number): Promise<Information> {
  const operation = `reading session ${sessionId}`;
  const { lsmSessionInfoExPtr, returnValue } = await lsm.call(
    getSessionInformationEx,
    { sessionId, level: 1 },
    { operation },
  );
  succeed(failureOfHresult(returnValue, operation));
  const { value } = lsmSessionInfoExPtr;
  return {
    state: value.sessionState,
    name: value.sessionName,
    user: value.userName,
    domain: value.domainName,
    times: {
      connected: value.connectTime,
      disconnected: value.disconnectTime,
      loggedOn: value.logonTime,
      lastInput: value.lastInputTime,
    },
    locked: value.sessionFlags === sessionFlags.unknown ? null : value.sessionFlags === sessionFlags.lock,
  };
}

export async function readLastInput(rcm: RpcPipe, sessionId: number): Promise<bigint> {
  const operation = `reading the last input of session ${sessionId}`;
  const { pLastInputTime, returnValue } = await rcm.call(getLastInputTime, { sessionId }, { operation });
  succeed(failureOfHresult(returnValue, operation));
  return pLastInputTime;
}

export async function readClient(rcm: RpcPipe, sessionId: number): Promise<ClientFacts> {
  const operation = `reading the client of session ${sessionId}`;
  const { ppBuff, returnValue } = await rcm.call(getClientData, { sessionId }, { operation });
  succeed(failureOfHresult(returnValue, operation));
  const { clientName, hRes, vRes, colorDepth, protocolType } = decodeStructure(
    'WINSTATIONCLIENT',
    winStationClient,
    ppBuff ?? new Uint8Array(),
  );
  return { name: clientName, width: hRes, height: vRes, colorDepth, protocolType };
}

export async function readAddress(rcm: RpcPipe, sessionId: number): Promise<string | null> {
  const operation = `reading the address of session ${sessionId}`;
  const { pRemoteAddress, returnValue } = await rcm.call(getRemoteAddress, { sessionId }, { operation });
  succeed(failureOfHresult(returnValue, operation));
  return formatAddress(pRemoteAddress);
}

/** The bytes that went to and fro, and the host's clock at that moment. */
export async function readTraffic(
  ica: RpcPipe,
  server: ContextHandle,
  sessionId: number,
): Promise<{ readonly traffic: Traffic; readonly now: bigint }> {
  const operation = `reading the traffic of session ${sessionId}`;
  const { information } = informationClass;
  const answer = await ica.call(
    queryInformation,
    {
      hServer: server,
      logonId: sessionId,
      winStationInformationClass: information.code,
      pWinStationInformation: new Uint8Array(informationLength(information)),
    },
    { operation },
  );
  succeed(failureOfIcaApi(answer, operation));
  const { status, currentTime } = decodeInformation(information, answer.pWinStationInformation ?? new Uint8Array());
  return { traffic: { fromClient: status.input.bytes, toClient: status.output.bytes }, now: currentTime };
}
