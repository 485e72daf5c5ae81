import { informationClass, informationLength } from '../../wire/ms-tsts/ica-api/winstation-information-class.ts';
import {
  icaApi,
  rcmListener,
  rcmPublic,
  sessEnvPublicRpc,
  termSrvEnumeration,
  termSrvNotification,
  termSrvSession,
} from '../../wire/ms-tsts/interfaces.ts';
import { closeServerEx } from '../../wire/ms-tsts/ica-api/close-server-ex.ts';
import { closeServer } from '../../wire/ms-tsts/ica-api/close-server.ts';
import { connect as icaConnect } from '../../wire/ms-tsts/ica-api/connect.ts';
import { disconnect as icaDisconnect } from '../../wire/ms-tsts/ica-api/disconnect.ts';
import { enumerate } from '../../wire/ms-tsts/ica-api/enumerate.ts';
import { getAllProcessesNt6 } from '../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { getAllProcesses } from '../../wire/ms-tsts/ica-api/get-all-processes.ts';
import { getProcessSid } from '../../wire/ms-tsts/ica-api/get-process-sid.ts';
import { getTermSrvCountersValue } from '../../wire/ms-tsts/ica-api/get-term-srv-counters-value.ts';
import { logonIdFromWinStationName } from '../../wire/ms-tsts/ica-api/logon-id-from-win-station-name.ts';
import { nameFromLogonId } from '../../wire/ms-tsts/ica-api/name-from-logon-id.ts';
import { openServer } from '../../wire/ms-tsts/ica-api/open-server.ts';
import { queryInformation } from '../../wire/ms-tsts/ica-api/query-information.ts';
import { reset } from '../../wire/ms-tsts/ica-api/reset.ts';
import { sendMessage } from '../../wire/ms-tsts/ica-api/send-message.ts';
import { shutdownSystem } from '../../wire/ms-tsts/ica-api/shutdown-system.ts';
import { terminateProcess } from '../../wire/ms-tsts/ica-api/terminate-process.ts';
import { closeListener } from '../../wire/ms-tsts/rcm-listener/close-listener.ts';
import { isListening } from '../../wire/ms-tsts/rcm-listener/is-listening.ts';
import { openListener } from '../../wire/ms-tsts/rcm-listener/open-listener.ts';
import { startListener } from '../../wire/ms-tsts/rcm-listener/start-listener.ts';
import { stopListener } from '../../wire/ms-tsts/rcm-listener/stop-listener.ts';
import { getAllListeners } from '../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { getClientData } from '../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getConfigData } from '../../wire/ms-tsts/rcm-public/get-config-data.ts';
import { getLastInputTime } from '../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { getProtocolStatus } from '../../wire/ms-tsts/rcm-public/get-protocol-status.ts';
import { getRemoteAddress } from '../../wire/ms-tsts/rcm-public/get-remote-address.ts';
import { getSessionProtocolLastInputTime } from '../../wire/ms-tsts/rcm-public/get-session-protocol-last-input-time.ts';
import { getUserCertificates } from '../../wire/ms-tsts/rcm-public/get-user-certificates.ts';
import { querySessionData } from '../../wire/ms-tsts/rcm-public/query-session-data.ts';
import { shadow2 } from '../../wire/ms-tsts/sess-env-public-rpc/shadow2.ts';
import { closeEnum } from '../../wire/ms-tsts/term-srv-enumeration/close-enum.ts';
import { enumAddFilter } from '../../wire/ms-tsts/term-srv-enumeration/enum-add-filter.ts';
import { filterByCallersName } from '../../wire/ms-tsts/term-srv-enumeration/filter-by-callers-name.ts';
import { filterBySessionType } from '../../wire/ms-tsts/term-srv-enumeration/filter-by-session-type.ts';
import { filterByState } from '../../wire/ms-tsts/term-srv-enumeration/filter-by-state.ts';
import { getAllSessionsEx } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import { getAllSessions } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions.ts';
import { getEnumResultEx } from '../../wire/ms-tsts/term-srv-enumeration/get-enum-result-ex.ts';
import { getEnumResult } from '../../wire/ms-tsts/term-srv-enumeration/get-enum-result.ts';
import { getSessionIds } from '../../wire/ms-tsts/term-srv-enumeration/get-session-ids.ts';
import { openEnum } from '../../wire/ms-tsts/term-srv-enumeration/open-enum.ts';
import { registerAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { unregisterAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/unregister-async-notification.ts';
import { waitAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { waitForSessionState } from '../../wire/ms-tsts/term-srv-notification/wait-for-session-state.ts';
import { closeSession } from '../../wire/ms-tsts/term-srv-session/close-session.ts';
import { connect } from '../../wire/ms-tsts/term-srv-session/connect.ts';
import { disconnect } from '../../wire/ms-tsts/term-srv-session/disconnect.ts';
import { getLoggedOnCount } from '../../wire/ms-tsts/term-srv-session/get-logged-on-count.ts';
import { getSessionCounters } from '../../wire/ms-tsts/term-srv-session/get-session-counters.ts';
import { getSessionInformationEx } from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import { getSessionInformation } from '../../wire/ms-tsts/term-srv-session/get-session-information.ts';
import { getSessionType } from '../../wire/ms-tsts/term-srv-session/get-session-type.ts';
import { getState } from '../../wire/ms-tsts/term-srv-session/get-state.ts';
import { getTerminalName } from '../../wire/ms-tsts/term-srv-session/get-terminal-name.ts';
import { getTimes } from '../../wire/ms-tsts/term-srv-session/get-times.ts';
import { getUserName } from '../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { isSessionDesktopLocked } from '../../wire/ms-tsts/term-srv-session/is-session-desktop-locked.ts';
import { logoff } from '../../wire/ms-tsts/term-srv-session/logoff.ts';
import { openSession } from '../../wire/ms-tsts/term-srv-session/open-session.ts';
import { showMessageBox } from '../../wire/ms-tsts/term-srv-session/show-message-box.ts';
import { winreg } from '../../wire/ms-rrp/interface.ts';
import type { RpcInterface } from '../../wire/ndr/call.ts';
import type { AnsweredCall } from '../endpoint/association.ts';
import { PipeClient } from './pipe.ts';
import { registryCalls } from './registry-dialogue.ts';
import { accounts, anActiveSession, aWorld, processNamed, type World } from './world.ts';

/** What one client asks on one pipe, one call after the other. */
export interface Dialogue {
  readonly interfaces: readonly [RpcInterface, ...RpcInterface[]];
  readonly answered: readonly AnsweredCall[];
}

/** Dialogues with every call that a host serves: each once at least in a way that succeeds, and some in one that does not. */
export function dialogues(): readonly Dialogue[] {
  const hold: readonly (readonly [Dialogue['interfaces'], (client: PipeClient, world: World) => void])[] = [
    [[termSrvSession], lsmCalls],
    [[termSrvNotification, termSrvSession], notificationCalls],
    [[termSrvEnumeration], enumerationCalls],
    [[rcmPublic], rcmCalls],
    [[rcmListener], listenerCalls],
    [[icaApi], icaCalls],
    [[icaApi], icaActs],
    [[sessEnvPublicRpc], shadowCalls],
    [[winreg], registryCalls],
  ];
  return hold.map(([interfaces, talk]) => {
    const world = populated();
    const client = new PipeClient(world.host, accounts.anna, interfaces);
    talk(client, world);
    return { interfaces, answered: client.answered };
  });
}

export const everyCall = (): readonly AnsweredCall[] => dialogues().flatMap(({ answered }) => answered);

/** Alice in 2, active, with a name that needs a surrogate pair; bob in 3, disconnected; and in 4 who came over IPv6. */
export function populated(): World {
  const world = aWorld({ behaves: ['answers-messages after=0s'] });
  anActiveSession(world.host, { account: { ...accounts.alice, name: 'älice 🙂' } });
  anActiveSession(world.host, { account: accounts.bob, state: 'disconnected', locked: true });
  anActiveSession(world.host, { account: accounts.nobody, client: anIpv6Client });
  return world;
}

const counter = (dwCounterID: number) => ({ counterHead: { dwCounterID, bResult: false }, dwValue: 0, startTime: 0n });
const pCounter = [1, 4, 5, 99].map(counter);

function lsmCalls(client: PipeClient, { clock }: World): void {
  const { phSession: hSession } = client.ask(openSession, { sessionId: 2 });
  const { phSession: left } = client.ask(openSession, { sessionId: 3 });
  client.ask(openSession, { sessionId: 77 });
  for (const call of [getUserName, getTerminalName, getState, isSessionDesktopLocked, getTimes]) {
    client.begin<{ readonly hSession: typeof hSession }, unknown>(call, { hSession });
  }
  client.ask(isSessionDesktopLocked, { hSession: left });
  for (const sessionId of [0, 2, 3, 77, 65_536]) {
    client.ask(getSessionInformation, { sessionId });
    client.ask(getSessionInformationEx, { sessionId, level: 1 });
    client.ask(getSessionType, { sessionId });
  }
  client.ask(getLoggedOnCount, {});
  client.ask(getSessionCounters, { pCounter });
  const message = { szTitle: 'Größe', szMessage: '再起動します', ulStyle: 4, ulTimeout: 60 };
  client.begin(showMessageBox, { hSession, ...message, bDoNotWait: false });
  clock.stepTo(clock.now());
  client.ask(showMessageBox, { hSession, ...message, bDoNotWait: true });
  client.ask(connect, { hSession: left, targetSessionId: 2, szPassword: '' });
  client.ask(disconnect, { hSession: left });
  client.ask(logoff, { hSession: left });
  client.ask(closeSession, { phSession: hSession });
}

function notificationCalls(client: PipeClient): void {
  const { phNotify } = client.ask(registerAsyncNotification, { sessionId: -1, mask: 0xffffffff });
  client.begin(waitAsyncNotification, { hNotify: phNotify });
  const { phSession: hSession } = client.ask(openSession, { sessionId: 2 });
  client.ask(logoff, { hSession });
  client.ask(waitAsyncNotification, { hNotify: phNotify });
  client.begin(waitAsyncNotification, { hNotify: phNotify });
  client.ask(waitForSessionState, { sessionId: 3, state: 4, timeout: 0 });
  client.ask(unregisterAsyncNotification, { phNotify });
}

function enumerationCalls(client: PipeClient): void {
  const [{ phEnum: hEnum }, { phEnum: hSubEnum }] = [client.ask(openEnum, {}), client.ask(openEnum, {})];
  for (const level of [1, 2, 4]) client.ask(getEnumResult, { hEnum, level });
  for (const level of [1, 2, 3]) client.ask(getEnumResultEx, { hEnum, level });
  for (const pLevel of [1, 2, 3]) client.ask(getAllSessions, { pLevel });
  for (const level of [1, 2]) client.ask(getAllSessionsEx, { level });
  client.ask(getSessionIds, { filter: 0, maxEntries: 100 });
  client.ask(filterByState, { hEnum: hSubEnum, state: 0, bInvert: true });
  client.ask(filterByCallersName, { hEnum: hSubEnum });
  client.ask(filterBySessionType, { hEnum: hSubEnum, pSessionType: '0f0a4bf8-8362-435d-938c-222a518a8b78' });
  client.ask(enumAddFilter, { hEnum, hSubEnum });
  client.ask(getEnumResult, { hEnum, level: 1 });
  client.ask(closeEnum, { phEnum: hEnum });
}

function rcmCalls(client: PipeClient): void {
  for (const sessionId of [2, 3, 4]) {
    client.ask(getClientData, { sessionId });
    client.ask(getConfigData, { sessionId });
    client.ask(getRemoteAddress, { sessionId });
    client.ask(getLastInputTime, { sessionId });
  }
  for (const infoType of [0, 1]) {
    client.ask(getProtocolStatus, { sessionId: 2, infoType });
    client.ask(getSessionProtocolLastInputTime, { sessionId: 2, infoType });
  }
  client.ask(getUserCertificates, { sessionId: 2 });
  client.ask(querySessionData, { sessionId: 2, type: 0, pbInputData: null, cbSessionData: 64 });
  client.ask(getAllListeners, { level: 1 });
  client.ask(getAllListeners, { level: 2 });
}

const anIpv6Client = {
  name: 'PC-SIX',
  address: '2001:db8::7',
  width: 800,
  height: 600,
  colorDepth: 16,
  build: 1,
  timeZone: 'UTC',
} as const;

function listenerCalls(client: PipeClient): void {
  const { phListener: hListener } = client.ask(openListener, { szListenerName: 'rdp-tcp' });
  client.ask(openListener, { szListenerName: 'none' });
  client.ask(isListening, { hListener });
  client.ask(stopListener, { hListener });
  client.ask(isListening, { hListener });
  client.ask(startListener, { hListener });
  client.ask(closeListener, { phListener: hListener });
}

function icaCalls(client: PipeClient, { host }: World): void {
  const { phServer: hServer } = client.ask(openServer, {});
  const room = new Uint8Array(76 * 10);
  client.ask(enumerate, { hServer, pEntries: 10, pLogonId: room, pIndex: 0 });
  client.ask(enumerate, { hServer, pEntries: 10, pLogonId: room, pIndex: 10 });
  client.ask(logonIdFromWinStationName, { hServer, pWinStationName: 'rdp-tcp#0'.padEnd(33, '\0') });
  client.ask(nameFromLogonId, { hServer, loginId: 2, pWinStationName: '\0'.repeat(33) });
  for (const of of Object.values(informationClass)) {
    const pWinStationInformation = new Uint8Array(informationLength(of));
    client.ask(queryInformation, { hServer, logonId: 2, winStationInformationClass: of.code, pWinStationInformation });
  }
  client.ask(getAllProcesses, { hServer, level: 0, pNumberOfProcesses: 0x8000 });
  client.ask(getAllProcessesNt6, { hServer, level: 0, pNumberOfProcesses: 0x8000 });
  client.ask(getAllProcesses, { hServer, level: 1, pNumberOfProcesses: 0x8000 });
  client.ask(getTermSrvCountersValue, { hServer, pCounter });
  const session = host.sessions.get(2);
  if (session === undefined) throw new Error('there is no session 2');
  const { pid, start } = processNamed(host, session, 'explorer.exe');
  const process = { hServer, dwUniqueProcessId: pid, processStartTime: start };
  client.ask(getProcessSid, { ...process, pProcessUserSid: null, pdwSizeNeeded: 0 });
  client.ask(getProcessSid, { ...process, pProcessUserSid: new Uint8Array(28), pdwSizeNeeded: 28 });
  client.ask(closeServer, { hServer });
}

function icaActs(client: PipeClient, { host, clock }: World): void {
  const { phServer: hServer } = client.ask(openServer, {});
  const session = host.sessions.get(2);
  if (session === undefined) throw new Error('there is no session 2');
  const message = { pTitle: 'Größe\0', pMessage: 'Hello\0', style: 0, timeout: 10 };
  client.begin(sendMessage, { hServer, logonId: 2, ...message, doNotWait: false });
  clock.stepTo(clock.now());
  client.ask(sendMessage, { hServer, logonId: 77, ...message, doNotWait: true });
  const { pid } = processNamed(host, session, 'EXCEL.EXE');
  client.ask(terminateProcess, { hServer, processId: pid, exitCode: 0 });
  client.ask(terminateProcess, { hServer, processId: 4, exitCode: 0 });
  const ids = { clientLogonId: 0, connectLogonId: 3, targetLogonId: 2 };
  client.ask(icaConnect, { hServer, ...ids, pPassword: '\0', wait: true });
  client.ask(icaDisconnect, { hServer, logonId: 3, bWait: true });
  client.ask(reset, { hServer, logonId: 3, bWait: true });
  client.ask(shutdownSystem, { hServer, clientLogonId: 0, shutdownFlags: 1 });
  client.ask(closeServerEx, { phServer: hServer });
}

function shadowCalls(client: PipeClient): void {
  const request = { targetSessionId: 2, eRequestControl: 0, cchInvitation: 8192 };
  client.ask(shadow2, { ...request, eRequestPermission: 0 });
  client.ask(shadow2, { ...request, targetSessionId: 77, eRequestPermission: 0 });
}
