import { encodeStructure } from '../../wire/ndr/c-structure.ts';
import { winStationClient } from '../../wire/ms-tsts/structures/winstation-client.ts';
import { winStationConfig } from '../../wire/ms-tsts/structures/winstation-config.ts';
import { getAllListeners } from '../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { getClientData } from '../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getConfigData } from '../../wire/ms-tsts/rcm-public/get-config-data.ts';
import { getLastInputTime } from '../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { getProtocolStatus } from '../../wire/ms-tsts/rcm-public/get-protocol-status.ts';
import { getRemoteAddress } from '../../wire/ms-tsts/rcm-public/get-remote-address.ts';
import { getSessionProtocolLastInputTime } from '../../wire/ms-tsts/rcm-public/get-session-protocol-last-input-time.ts';
import { getUserCertificates } from '../../wire/ms-tsts/rcm-public/get-user-certificates.ts';
import { protocolStatusInfoType } from '../../wire/ms-tsts/rcm-public/protocol-status-info-type.ts';
import { querySessionData } from '../../wire/ms-tsts/rcm-public/query-session-data.ts';
import { hasRight, rightsWithListener } from '../world/rights.ts';
import { noAddress, wireAddress } from './addresses.ts';
import { clientOf, configOf, encodeStatus } from './client-data.ts';
import { Refused } from './refusal.ts';
import { hresultCall, type ServedCall } from './served-call.ts';
import { cutTo, queried, sessionAbout, timesOf } from './sessions.ts';

const ok = { returnValue: 0 } as const;

function isExtended(infoType: number): boolean {
  if (infoType !== protocolStatusInfoType.basic && infoType !== protocolStatusInfoType.extended) {
    throw new Refused('invalid-parameter');
  }
  return infoType === protocolStatusInfoType.extended;
}

const onSessions: readonly ServedCall[] = [
  hresultCall(
    getClientData,
    () => ({ ppBuff: null }),
    (caller, { sessionId }) => {
      const session = queried(caller, sessionId);
      // The console and whoever is disconnected are no sessions to it.
      if (session.client === null) throw new Refused('no-such-session');
      return { ppBuff: encodeStructure(winStationClient, clientOf(session, session.client)), ...ok };
    },
    sessionAbout,
  ),
  hresultCall(
    getConfigData,
    () => ({ ppBuff: null }),
    (caller, { sessionId }) => ({
      ppBuff: encodeStructure(winStationConfig, configOf(caller.host, queried(caller, sessionId))),
      ...ok,
    }),
    sessionAbout,
  ),
  hresultCall(
    getProtocolStatus,
    () => ({ ppProtoStatus: null }),
    (caller, { sessionId, infoType }) => {
      const session = queried(caller, sessionId);
      return { ppProtoStatus: encodeStatus(session, caller.host.now(), isExtended(infoType)), ...ok };
    },
    sessionAbout,
  ),
  hresultCall(
    getLastInputTime,
    () => ({ pLastInputTime: 0n }),
    (caller, { sessionId }) => ({
      pLastInputTime: timesOf(caller.host, queried(caller, sessionId)).lastInputAt,
      ...ok,
    }),
    sessionAbout,
  ),
  hresultCall(
    getRemoteAddress,
    () => ({ pRemoteAddress: noAddress }),
    (caller, { sessionId }) => {
      const { client } = queried(caller, sessionId);
      const address = client === null ? null : wireAddress(client.peer ?? client.address);
      if (address === null) throw new Refused('no-such-session');
      return { pRemoteAddress: address, ...ok };
    },
    sessionAbout,
  ),
  hresultCall(
    getSessionProtocolLastInputTime,
    () => ({ ppProtoStatus: null, pLastInputTime: 0n }),
    (caller, { sessionId, infoType }) => {
      const session = queried(caller, sessionId);
      const ppProtoStatus = encodeStatus(session, caller.host.now(), isExtended(infoType));
      return { ppProtoStatus, pLastInputTime: timesOf(caller.host, session).lastInputAt, ...ok };
    },
    sessionAbout,
  ),
  hresultCall(
    getUserCertificates,
    () => ({ pcCerts: 0, ppbCerts: null }),
    (caller, { sessionId }) => {
      queried(caller, sessionId);
      // Nobody here logs on with a smart card.
      return { pcCerts: 0, ppbCerts: null, ...ok };
    },
    sessionAbout,
  ),
  hresultCall(
    querySessionData,
    ({ cbSessionData }) => ({
      pbSessionData: { maximum: Math.min(cbSessionData, 8192), elements: new Uint8Array() },
      pcbReturnLength: 0,
      pcbRequireBufferSize: 0,
    }),
    (caller, { sessionId }) => {
      queried(caller, sessionId);
      throw new Refused('not-supported');
    },
    sessionAbout,
  ),
];

/** RCMPublic ([MS-TSTS] 3.5.4.1). */
export const rcmPublicCalls: readonly ServedCall[] = [
  ...onSessions,
  hresultCall(
    getAllListeners,
    () => ({ ppListeners: null }),
    ({ host, account }, { level }) => {
      if (level !== 1) throw new Refused('invalid-parameter');
      const seen = host.listeners.filter(({ name }) => hasRight(rightsWithListener(host, account, name), 'query'));
      const ppListeners = seen.map(({ id, name, isListening }) => ({
        tag: 1 as const,
        value: { id, bListening: isListening, name: cutTo(name, 33) },
      }));
      return { ppListeners, ...ok };
    },
  ),
];
