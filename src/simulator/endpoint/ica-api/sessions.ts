import { encodeStructure } from '../../../wire/ndr/c-structure.ts';
import { nullHandle } from '../../../wire/ndr/context-handle.ts';
import { closeServerEx } from '../../../wire/ms-tsts/ica-api/close-server-ex.ts';
import { closeServer } from '../../../wire/ms-tsts/ica-api/close-server.ts';
import { connect } from '../../../wire/ms-tsts/ica-api/connect.ts';
import { disconnect } from '../../../wire/ms-tsts/ica-api/disconnect.ts';
import { enumerate } from '../../../wire/ms-tsts/ica-api/enumerate.ts';
import { logonIdFromWinStationName } from '../../../wire/ms-tsts/ica-api/logon-id-from-win-station-name.ts';
import { nameFromLogonId } from '../../../wire/ms-tsts/ica-api/name-from-logon-id.ts';
import { openServer } from '../../../wire/ms-tsts/ica-api/open-server.ts';
import { reset } from '../../../wire/ms-tsts/ica-api/reset.ts';
import { sendMessage } from '../../../wire/ms-tsts/ica-api/send-message.ts';
import { shutdownFlag, shutdownSystem } from '../../../wire/ms-tsts/ica-api/shutdown-system.ts';
import { sessionId as logonId } from '../../../wire/ms-tsts/structures/session-id.ts';
import { isAdministrator, isSameName } from '../../world/account.ts';
import { connect as connectTo } from '../../world/acts/connect.ts';
import { disconnect as disconnectFrom } from '../../world/acts/disconnect.ts';
import { resetListener } from '../../world/acts/listener.ts';
import { reset as resetSession } from '../../world/acts/log-off.ts';
import { logOffAll, shutDown, type ShutdownKind } from '../../world/acts/shut-down.ts';
import { hasRight, rightsWithListener } from '../../world/rights.ts';
import type { SimulatedSession } from '../../world/session.ts';
import { message } from '../message.ts';
import { mustBeTakenOn, Refused } from '../refusal.ts';
import { type Caller, ntStatusCall, type ServedCall } from '../served-call.ts';
import { cutTo, enumerated, existing, mustHave } from '../sessions.ts';
import { done, mustBeOpen, OpenedServer } from './server.ts';

const about = ({ host }: Caller, request: { readonly logonId: number }): SimulatedSession | null =>
  host.sessions.get(request.logonId) ?? null;

const untilNul = (text: string): string => text.split('\0', 1)[0] ?? '';

const onServer: readonly ServedCall[] = [
  ntStatusCall(
    openServer,
    () => ({ phServer: nullHandle }),
    ({ host, handles }) => ({ phServer: handles.open(new OpenedServer(host.name)), ...done }),
  ),
  ntStatusCall(
    closeServer,
    () => ({}),
    ({ handles }, { hServer }) => {
      handles.close(hServer, OpenedServer);
      return done;
    },
  ),
  ntStatusCall(
    closeServerEx,
    () => ({ phServer: nullHandle }),
    ({ handles }, { phServer }) => ({ phServer: handles.close(phServer, OpenedServer), ...done }),
  ),
  ntStatusCall(
    enumerate,
    ({ pIndex }) => ({ pEntries: 0, pLogonId: null, pIndex }),
    (caller, request) => {
      mustBeOpen(caller, request);
      const { pEntries, pLogonId: room, pIndex } = request;
      const most = Math.min(pEntries, Math.floor((room?.length ?? 0) / logonId.size));
      const found = enumerated(caller).slice(pIndex, pIndex + most);
      if (found.length === 0) throw new Refused('no-more');
      const entries = found.map(({ id, name, state }) =>
        encodeStructure(logonId, { logonId: id, winStationName: cutTo(name, 33), state }),
      );
      const pLogonId = new Uint8Array(Buffer.concat(entries));
      return { pEntries: found.length, pLogonId, pIndex: pIndex + found.length, ...done };
    },
  ),
  ntStatusCall(
    logonIdFromWinStationName,
    () => ({ pLogonId: 0 }),
    (caller, request) => {
      mustBeOpen(caller, request);
      const wanted = untilNul(request.pWinStationName);
      const found = enumerated(caller).find(({ name }) => name !== '' && isSameName(name, wanted));
      if (found === undefined) throw new Refused('no-such-session');
      return { pLogonId: found.id, ...done };
    },
  ),
  ntStatusCall(
    nameFromLogonId,
    ({ pWinStationName }) => ({ pWinStationName: '\0'.repeat(pWinStationName.length) }),
    (caller, request) => {
      mustBeOpen(caller, request);
      const { length } = request.pWinStationName;
      if (length < 33) throw new Refused('invalid-parameter');
      const found = enumerated(caller).find(({ id }) => id === request.loginId);
      if (found === undefined) throw new Refused('no-such-session');
      return { pWinStationName: cutTo(found.name, length).padEnd(length, '\0'), ...done };
    },
  ),
];

const acts: readonly ServedCall[] = [
  ntStatusCall(
    sendMessage,
    () => ({ pResponse: 0 }),
    (caller, request) => {
      mustBeOpen(caller, request);
      const session = existing(caller, request.logonId);
      mustHave(caller, session, 'message');
      const [title, text] = [untilNul(request.pTitle), untilNul(request.pMessage)];
      const { style, timeout: seconds, doNotWait } = request;
      return message(caller, session, { title, text, style, seconds }, doNotWait, (told) => ({
        pResult: told.ntStatus,
        pResponse: told.response,
        returnValue: told.ntStatus === 0,
      }));
    },
    about,
  ),
  ntStatusCall(
    connect,
    () => ({}),
    (caller, request) => {
      mustBeOpen(caller, request);
      const [session, target] = [existing(caller, request.connectLogonId), existing(caller, request.targetLogonId)];
      mustHave(caller, session, 'connect');
      mustHave(caller, target, 'disconnect');
      mustBeTakenOn(connectTo(caller.host, session, target, caller.actor));
      return done;
    },
  ),
  ntStatusCall(
    disconnect,
    () => ({}),
    (caller, request) => {
      mustBeOpen(caller, request);
      const session = existing(caller, request.logonId);
      mustHave(caller, session, 'disconnect');
      mustBeTakenOn(disconnectFrom(caller.host, session, caller.actor));
      return done;
    },
    about,
  ),
  ntStatusCall(
    reset,
    () => ({}),
    (caller, request) => {
      mustBeOpen(caller, request);
      mustBeTakenOn(resetWhat(caller, request.logonId));
      return done;
    },
    about,
  ),
  ntStatusCall(
    shutdownSystem,
    () => ({}),
    (caller, request) => {
      mustBeOpen(caller, request);
      const { host, account, actor } = caller;
      if (!isAdministrator(account)) throw new Refused('access-denied');
      const kind = shutdownKind(request.shutdownFlags);
      mustBeTakenOn(kind === 'logoff' ? logOffAll(host, actor) : shutDown(host, kind, actor));
      return done;
    },
  ),
];

/** A session, or a listener: those have ids, too. */
function resetWhat(caller: Caller, id: number) {
  const { host, account, actor } = caller;
  const listener = host.listeners.find((one) => one.id === id);
  if (listener === undefined) {
    const session = existing(caller, id);
    mustHave(caller, session, 'reset');
    return resetSession(host, session, actor);
  }
  if (!hasRight(rightsWithListener(host, account, listener.name), 'reset')) throw new Refused('access-denied');
  return resetListener(host, listener, actor);
}

/** The strongest of the flags ([MS-TSTS] 3.7.4.1.14). Throws `Refused` where none is set. */
function shutdownKind(flags: number): ShutdownKind | 'logoff' {
  if ((flags & (shutdownFlag.reboot | shutdownFlag.fastReboot)) !== 0) return 'restart';
  if ((flags & shutdownFlag.powerOff) !== 0) return 'power-off';
  if ((flags & shutdownFlag.shutdown) !== 0) return 'shutdown';
  if ((flags & shutdownFlag.logoff) !== 0) return 'logoff';
  throw new Refused('invalid-parameter');
}

export const icaSessionCalls: readonly ServedCall[] = [...onServer, ...acts];
