import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { nullHandle } from '../../wire/ndr/context-handle.ts';
import { closeSession } from '../../wire/ms-tsts/term-srv-session/close-session.ts';
import { connect } from '../../wire/ms-tsts/term-srv-session/connect.ts';
import { disconnect } from '../../wire/ms-tsts/term-srv-session/disconnect.ts';
import { getLoggedOnCount } from '../../wire/ms-tsts/term-srv-session/get-logged-on-count.ts';
import { getSessionCounters } from '../../wire/ms-tsts/term-srv-session/get-session-counters.ts';
import {
  getSessionInformationEx,
  sessionFlags,
} from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
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
import { connect as connectTo } from '../world/acts/connect.ts';
import { disconnect as disconnectFrom } from '../world/acts/disconnect.ts';
import { logOff } from '../world/acts/log-off.ts';
import type { SimulatedSession } from '../world/session.ts';
import { countersOf } from './counters.ts';
import { Held } from './handles.ts';
import { message } from './message.ts';
import { mustBeTakenOn, Refused } from './refusal.ts';
import { type Caller, hresultCall, type ServedCall } from './served-call.ts';
import { cutTo, domainOf, existing, mustHave, queried, sessionAbout, stateCode, timesOf, userOf } from './sessions.ts';

/** What a SESSION_HANDLE stands for: that very session, whoever has its id later. */
class OpenedSession extends Held {
  readonly session: SimulatedSession;

  constructor(session: SimulatedSession) {
    super();
    this.session = session;
  }
}

interface OnSession {
  readonly hSession: ContextHandle;
}

const success = 0;
/** S_FALSE: there was nothing to do, or it was done another way. */
const alsoSuccess = 1;
/** What Windows answers to a log-off that it has taken on: no failure, as it is not negative. */
const takenOn = 0x10000000;
/** E_FAIL. */
const notLocked = 0x80004005 | 0;

/** The session behind a handle, while it is there. Throws `Refused`. */
function behind({ host, handles }: Caller, { hSession }: OnSession): SimulatedSession {
  const { session } = handles.held(hSession, OpenedSession);
  if (host.sessions.get(session.id) !== session) throw new Refused('no-such-session');
  return session;
}

function queriedBehind(caller: Caller, request: OnSession): SimulatedSession {
  const session = behind(caller, request);
  mustHave(caller, session, 'query');
  return session;
}

const about = (caller: Caller, { hSession }: OnSession): SimulatedSession =>
  caller.handles.held(hSession, OpenedSession).session;

const acts: readonly ServedCall[] = [
  hresultCall(
    connect,
    () => ({}),
    (caller, { targetSessionId, ...request }) => {
      const [session, target] = [behind(caller, request), existing(caller, targetSessionId)];
      mustHave(caller, session, 'connect');
      mustHave(caller, target, 'disconnect');
      mustBeTakenOn(connectTo(caller.host, session, target, caller.actor));
      return { returnValue: alsoSuccess };
    },
    about,
  ),
  hresultCall(
    disconnect,
    () => ({}),
    (caller, request) => {
      const session = behind(caller, request);
      mustHave(caller, session, 'disconnect');
      const outcome = disconnectFrom(caller.host, session, caller.actor);
      if (outcome.kind === 'refused' && outcome.refusal === 'wrong-state') return { returnValue: alsoSuccess };
      mustBeTakenOn(outcome);
      return { returnValue: success };
    },
    about,
  ),
  hresultCall(
    logoff,
    () => ({}),
    (caller, request) => {
      const session = behind(caller, request);
      mustHave(caller, session, 'logoff');
      mustBeTakenOn(logOff(caller.host, session, caller.actor));
      return { returnValue: takenOn };
    },
    about,
  ),
  hresultCall(
    showMessageBox,
    () => ({ pulResponse: 0 }),
    (caller, request) => {
      const session = behind(caller, request);
      mustHave(caller, session, 'message');
      const { szTitle: title, szMessage: text, ulStyle: style, ulTimeout: seconds } = request;
      return message(caller, session, { title, text, style, seconds }, request.bDoNotWait, (told) => ({
        pulResponse: told.response,
        returnValue: told.hresult,
      }));
    },
    about,
  ),
];

const onHandles: readonly ServedCall[] = [
  hresultCall(
    openSession,
    () => ({ phSession: nullHandle }),
    (caller, { sessionId }) => ({
      phSession: caller.handles.open(new OpenedSession(existing(caller, sessionId))),
      returnValue: success,
    }),
    sessionAbout,
  ),
  hresultCall(
    closeSession,
    () => ({ phSession: nullHandle }),
    ({ handles }, { phSession }) => ({ phSession: handles.close(phSession, OpenedSession), returnValue: success }),
  ),
  hresultCall(
    getUserName,
    () => ({ pszUserName: null, pszDomain: null }),
    (caller, request) => {
      const session = queriedBehind(caller, request);
      return { pszUserName: userOf(session), pszDomain: domainOf(session), returnValue: success };
    },
    about,
  ),
  hresultCall(
    getTerminalName,
    () => ({ pszTerminalName: null }),
    (caller, request) => ({ pszTerminalName: queriedBehind(caller, request).stationName, returnValue: success }),
    about,
  ),
  hresultCall(
    getState,
    () => ({ plState: 0 }),
    (caller, request) => ({ plState: stateCode(queriedBehind(caller, request)), returnValue: success }),
    about,
  ),
  hresultCall(
    isSessionDesktopLocked,
    () => ({}),
    (caller, request) => ({ returnValue: queriedBehind(caller, request).locked === true ? success : notLocked }),
    about,
  ),
  hresultCall(
    getTimes,
    () => ({ pConnectTime: 0n, pDisconnectTime: 0n, pLogonTime: 0n }),
    (caller, request) => {
      const { connectedAt, disconnectedAt, loggedOnAt } = timesOf(caller.host, queriedBehind(caller, request));
      const times = { pConnectTime: connectedAt, pDisconnectTime: disconnectedAt, pLogonTime: loggedOnAt };
      return { ...times, returnValue: success };
    },
    about,
  ),
];

function timesInformed({ host }: Caller, session: SimulatedSession) {
  const { connectedAt, disconnectedAt, loggedOnAt } = timesOf(host, session);
  return { connectTime: connectedAt, disconnectTime: disconnectedAt, logonTime: loggedOnAt };
}

const noInformation = {
  sessionState: 0,
  sessionFlags: sessionFlags.unknown as number,
  sessionName: '',
  domainName: '',
  userName: '',
  connectTime: 0n,
  disconnectTime: 0n,
  logonTime: 0n,
  lastInputTime: 0n,
  protocolData: null,
};

const none = { pszUserName: null, pszDomain: null, pszTerminalName: null, sessionState: 0, desktopLocked: false };

function flagsOf({ locked }: SimulatedSession): number {
  if (locked === null) return sessionFlags.unknown;
  return locked ? sessionFlags.lock : sessionFlags.unlock;
}

/** Listeners have ids, and so something to ask about. */
function isListener({ host }: Caller, sessionId: number): boolean {
  return host.listeners.some(({ id }) => id === sessionId);
}

const sessionTypes = { services: 1, listener: 2, desktop: 3, 'remote-app': 5 } as const;

const information: readonly ServedCall[] = [
  hresultCall(
    getSessionInformation,
    () => ({ pSessionInfo: { ...none, connectTime: 0n, disconnectTime: 0n, logonTime: 0n } }),
    (caller, { sessionId }) => {
      const session = queried(caller, sessionId);
      const pSessionInfo = {
        pszUserName: userOf(session),
        pszDomain: domainOf(session),
        pszTerminalName: session.stationName,
        sessionState: stateCode(session),
        desktopLocked: session.locked === true,
        ...timesInformed(caller, session),
      };
      return { pSessionInfo, returnValue: success };
    },
    sessionAbout,
  ),
  hresultCall(
    getSessionInformationEx,
    () => ({ lsmSessionInfoExPtr: { tag: 1 as const, value: noInformation } }),
    (caller, { sessionId, level }) => {
      if (level !== 1) throw new Refused('invalid-parameter');
      const session = isListener(caller, sessionId) ? null : queried(caller, sessionId);
      const listener = caller.host.listeners.find(({ id }) => id === sessionId);
      const value =
        session === null
          ? {
              ...noInformation,
              sessionState: stateCode({ state: 'listen' }),
              sessionName: cutTo(listener?.name ?? '', 33),
            }
          : {
              ...noInformation,
              sessionState: stateCode(session),
              sessionFlags: flagsOf(session),
              sessionName: cutTo(session.stationName, 33),
              domainName: cutTo(domainOf(session), 18),
              userName: cutTo(userOf(session), 21),
              ...timesInformed(caller, session),
              lastInputTime: timesOf(caller.host, session).lastInputAt,
            };
      return { lsmSessionInfoExPtr: { tag: 1 as const, value }, returnValue: success };
    },
    sessionAbout,
  ),
  hresultCall(
    getLoggedOnCount,
    () => ({ pUserSessions: 0, pDeviceSessions: 0 }),
    ({ host }) => ({
      pUserSessions: host.allSessions().filter(({ account }) => account !== null).length,
      pDeviceSessions: 0,
      returnValue: success,
    }),
  ),
  hresultCall(
    getSessionType,
    () => ({ pSessionType: 0 }),
    (caller, { sessionId }) => {
      const kind = isListener(caller, sessionId) ? 'listener' : existing(caller, sessionId).kind;
      return { pSessionType: sessionTypes[kind], returnValue: success };
    },
    sessionAbout,
  ),
  hresultCall(
    getSessionCounters,
    ({ pCounter }) => ({ pCounter }),
    ({ host }, { pCounter }) => ({ pCounter: countersOf(host, pCounter), returnValue: success }),
  ),
];

/** TermSrvSession ([MS-TSTS] 3.3.4.1). RpcGetActivityId is left out: Windows has it from Server 2025 on. */
export const termSrvSessionCalls: readonly ServedCall[] = [...onHandles, ...acts, ...information];
