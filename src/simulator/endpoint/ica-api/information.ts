import {
  encodeInformation,
  type InformationClass,
  informationClass,
} from '../../../wire/ms-tsts/ica-api/winstation-information-class.ts';
import { queryInformation } from '../../../wire/ms-tsts/ica-api/query-information.ts';
import { winStationLoadIndicatorData } from '../../../wire/ms-tsts/structures/winstation-load-indicator-data.ts';
import { winStationProdId } from '../../../wire/ms-tsts/structures/winstation-prodid.ts';
import type { winStationVideoData } from '../../../wire/ms-tsts/structures/winstation-video-data.ts';
import type { ValueOf } from '../../../wire/ndr/type.ts';
import type { SimulatedHost } from '../../world/host.ts';
import { winStation } from '../../world/registry/windows-hive.ts';
import type { SimulatedSession } from '../../world/session.ts';
import { wireAddress } from '../addresses.ts';
import { clientOf, protocolType, statusOf } from '../client-data.ts';
import { Refused } from '../refusal.ts';
import { ntStatusCall, type ServedCall } from '../served-call.ts';
import { cutTo, domainOf, queried, stateCode, timesOf, userOf } from '../sessions.ts';
import { zeros } from '../zeros.ts';
import { done, mustBeOpen } from './server.ts';

interface Answered {
  readonly code: number;
  /** What its buffer holds. Throws `Refused`. */
  readonly encode: (host: SimulatedHost, session: SimulatedSession) => Uint8Array;
}

function answered<T>(of: InformationClass<T>, value: (host: SimulatedHost, session: SimulatedSession) => T): Answered {
  return { code: of.code, encode: (host, session) => encodeInformation(of, value(host, session)) };
}

const ticksPerSecond = 10_000_000n;

/** What can be asked of a session, by class ([MS-TSTS] 3.7.4.1.6). */
const classes: readonly Answered[] = [
  answered(informationClass.client, (_host, session) => {
    if (session.client === null) throw new Refused('wrong-state');
    return clientOf(session, session.client);
  }),
  answered(informationClass.information, (host, session) => {
    const { connectedAt, disconnectedAt, lastInputAt, loggedOnAt } = timesOf(host, session);
    return {
      connectState: stateCode(session),
      winStationName: cutTo(session.stationName, 33),
      logonId: session.id,
      connectTime: connectedAt,
      disconnectTime: disconnectedAt,
      lastInputTime: lastInputAt,
      logonTime: loggedOnAt,
      status: statusOf(session, host.now()),
      domain: cutTo(domainOf(session), 18),
      userName: cutTo(userOf(session), 21),
      currentTime: host.now(),
    };
  }),
  answered(
    informationClass.videoData,
    (_host, { client }): ValueOf<typeof winStationVideoData> => ({
      hResolution: client?.width ?? 0,
      vResolution: client?.height ?? 0,
      fColorDepth: client?.colorDepth ?? 0,
    }),
  ),
  answered(informationClass.loadIndicator, (host): ValueOf<typeof winStationLoadIndicatorData> => {
    const sessions = host.allSessions().filter(({ account }) => account !== null);
    return {
      ...zeros(winStationLoadIndicatorData),
      totalSessions: sessions.length,
      disconnectedSessions: sessions.filter(({ state }) => state === 'disconnected').length,
    };
  }),
  answered(informationClass.shadowInfo, (host, session) => ({
    shadowState: 0,
    shadowClass: (session.listener === null ? null : host.dword(winStation(session.listener), 'Shadow')) ?? 0,
    sessionId: session.id,
    protocolType: protocolType(session),
  })),
  answered(
    informationClass.digProductId,
    (_host, { id }): ValueOf<typeof winStationProdId> => ({
      ...zeros(winStationProdId),
      curentSessionId: id,
      outerMostSessionId: id,
    }),
  ),
  answered(informationClass.lockedState, (_host, { locked }) => locked === true),
  answered(informationClass.remoteAddress, (_host, { client }) =>
    client === null ? null : wireAddress(client.peer ?? client.address),
  ),
  answered(informationClass.idleTime, (host, session) => {
    const now = host.now();
    const { lastInputAt } = timesOf(host, session);
    return lastInputAt === 0n || lastInputAt > now ? 0 : Number((now - lastInputAt) / ticksPerSecond);
  }),
  answered(informationClass.lastReconnectType, () => 0),
  answered(informationClass.type, (_host, { kind }) => ({ services: 1, desktop: 3, 'remote-app': 5 })[kind]),
];

export const icaInformationCalls: readonly ServedCall[] = [
  ntStatusCall(
    queryInformation,
    () => ({ pWinStationInformation: null, pReturnLength: 0 }),
    (caller, request) => {
      mustBeOpen(caller, request);
      const session = queried(caller, request.logonId);
      const asked = classes.find(({ code }) => code === request.winStationInformationClass);
      if (asked === undefined) throw new Refused('invalid-class');
      const data = asked.encode(caller.host, session);
      const room = request.pWinStationInformation?.length ?? 0;
      if (room < data.length) throw new Refused('too-small');
      const pWinStationInformation = new Uint8Array(room);
      pWinStationInformation.set(data);
      return { pWinStationInformation, pReturnLength: data.length, ...done };
    },
    ({ host }, { logonId }) => host.sessions.get(logonId) ?? null,
  ),
];
