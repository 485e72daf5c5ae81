import type { Account } from '../world/account.ts';
import type { SimulatedHost } from '../world/host.ts';
import { type AnsweredCall, Association } from './association.ts';
import { icaApiCalls } from './ica-api/calls.ts';
import { rcmListenerCalls } from './rcm-listener.ts';
import { rcmPublicCalls } from './rcm-public.ts';
import type { ServedCall } from './served-call.ts';
import { sessEnvCalls } from './sess-env.ts';
import { termSrvEnumerationCalls } from './term-srv-enumeration.ts';
import { termSrvNotificationCalls } from './term-srv-notification.ts';
import { termSrvSessionCalls } from './term-srv-session.ts';
import { winregCalls } from './winreg/calls.ts';

/** What the one who carries a pipe does with it. */
export interface PipeCarrier {
  /** A message of the pipe: one PDU. */
  send(pdu: Uint8Array): void;
  /** The host has closed it. Nothing is sent any more. */
  closed(): void;
  readonly random: (count: number) => Uint8Array;
  /** The connection that the pipe is opened by; of none where nothing is said. */
  readonly link?: object | null;
  /** Told of every call, for a log. */
  answered?(call: AnsweredCall): void;
}

export interface OpenPipe {
  /** What the client wrote, whole or in pieces. */
  receive(bytes: Uint8Array): void;
  /** The client has closed it. */
  close(): void;
}

const servedCalls: readonly ServedCall[] = [
  ...termSrvSessionCalls,
  ...termSrvNotificationCalls,
  ...termSrvEnumerationCalls,
  ...rcmPublicCalls,
  ...rcmListenerCalls,
  ...icaApiCalls,
  ...sessEnvCalls,
  ...winregCalls,
];

const callsOfPipe = Map.groupBy(servedCalls, (call) => call.interface.pipe.toLowerCase());

/** The services behind it end with Remote Desktop. */
const remoteDesktopPipe = 'termsrv_api_service';

/** The pipes that a host can have, as they are spelt. */
export const pipeNames: readonly string[] = [...new Set(servedCalls.map((call) => call.interface.pipe))];

/** `TermSrvSession.RpcLogoff`: every call that a host answers. */
export const servedNames: readonly string[] = servedCalls.map((call) => `${call.interface.name}.${call.name}`);

/** Whether a pipe, without `\PIPE\`, is there. */
export function hasPipe(host: SimulatedHost, name: string): boolean {
  if (!callsOfPipe.has(name.toLowerCase()) || host.power === 'down') return false;
  if (name.toLowerCase() === remoteDesktopPipe && !host.allowsRemoteDesktop) return false;
  return host.behaviours.every((behaviour) => behaviour.hasPipe?.(name) !== false);
}

/**
 * Opens a pipe, without `\PIPE\`, for whom the host knows by now; null where it is not there. A pipe that is not there is
 * STATUS_OBJECT_NAME_NOT_FOUND to SMB.
 */
export function openPipe(
  host: SimulatedHost,
  name: string,
  account: Account | null,
  carrier: PipeCarrier,
): OpenPipe | null {
  const calls = callsOfPipe.get(name.toLowerCase());
  if (calls === undefined || !hasPipe(host, name)) return null;
  const { random, link } = carrier;
  return new Association({
    host,
    pipe: name,
    calls,
    account,
    random,
    link: link ?? carrier,
    send: (pdu) => carrier.send(pdu),
    closed: () => carrier.closed(),
    answered: (call) => carrier.answered?.(call),
  });
}
