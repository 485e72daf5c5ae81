import { encodeStructure } from '../../wire/ndr/c-structure.ts';
import { protocolStatus, protocolStatusEx } from '../../wire/ms-tsts/structures/protocol-status.ts';
import { winStationClient } from '../../wire/ms-tsts/structures/winstation-client.ts';
import { winStationConfig } from '../../wire/ms-tsts/structures/winstation-config.ts';
import type { ValueOf } from '../../wire/ndr/type.ts';
import type { SimulatedHost } from '../world/host.ts';
import { inForce, type SettingName } from '../world/policy/in-force.ts';
import { keyPaths, winStation } from '../world/registry/windows-hive.ts';
import { bytesUntil, type SimulatedClient, type SimulatedSession } from '../world/session.ts';
import { cutTo, domainOf, userOf } from './sessions.ts';
import { zeros } from './zeros.ts';

/** ProtocolType of WINSTATIONCLIENT. */
const protocolTypes = { console: 0, ica: 1, rdp: 2 } as const;

const addressFamilies = { ipv4: 2, ipv6: 23 } as const;

export const protocolType = ({ protocol }: SimulatedSession): number => protocolTypes[protocol];

const noClient = zeros(winStationClient);

/** WINSTATIONCLIENT ([MS-TSTS] 2.2.2.19) as the client of a session described itself. */
export function clientOf(session: SimulatedSession, client: SimulatedClient): ValueOf<typeof winStationClient> {
  return {
    ...noClient,
    clientName: cutTo(client.name, 21),
    domain: cutTo(domainOf(session), 18),
    userName: cutTo(userOf(session), 21),
    clientAddressFamily: client.address.includes(':') ? addressFamilies.ipv6 : addressFamilies.ipv4,
    clientAddress: cutTo(client.address, 31),
    hRes: client.width,
    vRes: client.height,
    colorDepth: client.colorDepth,
    protocolType: protocolType(session),
    clientDirectory: String.raw`C:\Windows\System32\mstscax.dll`,
    clientBuildNumber: client.build,
    clientTimeZone: { ...noClient.clientTimeZone, standardName: cutTo(client.timeZone, 32) },
  };
}

const nothingCounted = zeros(protocolStatus);
const mostU32 = 0xffffffff;

/** PROTOCOLSTATUS ([MS-TSTS] 2.2.2.20.1): its counters of 32 bits run over. */
export function statusOf(session: SimulatedSession, now: bigint): ValueOf<typeof protocolStatus> {
  const { fromClient, toClient } = bytesUntil(session, now);
  const { output, input } = nothingCounted;
  const counted = (bytes: number) => ({ bytes: bytes % (mostU32 + 1), wdBytes: bytes % (mostU32 + 1) });
  return {
    ...nothingCounted,
    output: { ...output, ...counted(toClient), protocolType: protocolType(session) },
    input: { ...input, ...counted(fromClient), protocolType: protocolType(session) },
  };
}

/** PROTOCOLSTATUSEX (2.2.2.20.1.1) has its counts of bytes once more, in 64 bits. */
export function encodeStatus(session: SimulatedSession, now: bigint, extended: boolean): Uint8Array {
  const status = statusOf(session, now);
  if (!extended) return encodeStructure(protocolStatus, status);
  const { fromClient, toClient } = bytesUntil(session, now);
  return encodeStructure(protocolStatusEx, { ...status, counters: [BigInt(toClient), BigInt(fromClient)] });
}

const noConfig = zeros(winStationConfig);

/** WINSTATIONCONFIG ([MS-TSTS] 2.2.2.30.1): limits in force are those of the policy, else the listener's. */
export function configOf(host: SimulatedHost, session: SimulatedSession): ValueOf<typeof winStationConfig> {
  const limit = (name: SettingName): number => inForce(host, session.listener, name) ?? 0;
  return {
    ...noConfig,
    user: {
      ...noConfig.user,
      userName: cutTo(userOf(session), 21),
      domain: cutTo(domainOf(session), 18),
      shadow: shadowOf(host, session),
      maxConnectionTime: limit('MaxConnectionTime'),
      maxDisconnectionTime: limit('MaxDisconnectionTime'),
      maxIdleTime: limit('MaxIdleTime'),
    },
  };
}

function shadowOf(host: SimulatedHost, { listener }: SimulatedSession): number {
  const own = listener === null ? null : host.dword(winStation(listener), 'Shadow');
  return host.dword(keyPaths.policies, 'Shadow') ?? own ?? 0;
}
