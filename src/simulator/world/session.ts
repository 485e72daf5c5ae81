import type { SessionState } from '../../sessions/state.ts';
import type { Behaviour } from '../behaviours/behaviour.ts';
import type { Account } from './account.ts';
import type { MessageBox } from './message-box.ts';

/** The machine in front of the user, as it describes itself, and where its packets come from. */
export interface SimulatedClient {
  readonly name: string;
  /** What it says its address is. */
  readonly address: string;
  /** Where its packets come from, where that is another one: behind a gateway, a NAT. */
  readonly peer?: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Bits a pixel. */
  readonly colorDepth: number;
  readonly build: number;
  /** Its name in Windows, such as `Romance Standard Time`. */
  readonly timeZone: string;
}

export type SimulatedProtocol = 'console' | 'ica' | 'rdp';

/** What kind of session it is: the services' own, a desktop, or one that shows single programs. */
export type SessionKind = 'services' | 'desktop' | 'remote-app';

/** Bytes until `since`, and a second from then on. */
export interface Traffic {
  readonly since: bigint;
  readonly fromClient: number;
  readonly toClient: number;
  readonly fromClientPerSecond: number;
  readonly toClientPerSecond: number;
}

/** A session of a host. It is changed by acts alone. Times are FILETIMEs, 0 where there is none. */
export interface SimulatedSession {
  readonly id: number;
  /** Which of all sessions of the host's life it is: no other ever has the same. */
  readonly serial: number;
  readonly kind: SessionKind;
  /** `RDP-Tcp#4`, `Console`; empty where no client is connected. */
  stationName: string;
  /** The listener through which it was made; null for console and services. */
  readonly listener: string | null;
  state: SessionState;
  account: Account | null;
  client: SimulatedClient | null;
  protocol: SimulatedProtocol;
  connectedAt: bigint;
  disconnectedAt: bigint;
  loggedOnAt: bigint;
  lastInputAt: bigint;
  /** Null where nobody can tell, as before a logon. */
  locked: boolean | null;
  traffic: Traffic;
  /** Those that are on its desktop. */
  readonly boxes: Set<MessageBox>;
  /** What of it is not as it should be, the first that has something to say. */
  behaviours: readonly Behaviour[];
  /** Under way: a log-off or a reset that has been taken on and has not ended it yet. */
  ending: 'logoff' | 'reset' | null;
}

/** What has gone to and fro until now, in whole bytes. */
export function bytesUntil(
  { traffic }: SimulatedSession,
  now: bigint,
): { readonly fromClient: number; readonly toClient: number } {
  const seconds = now > traffic.since ? Number(now - traffic.since) / 10_000_000 : 0;
  return {
    fromClient: Math.floor(traffic.fromClient + seconds * traffic.fromClientPerSecond),
    toClient: Math.floor(traffic.toClient + seconds * traffic.toClientPerSecond),
  };
}

export const noTraffic = (now: bigint): Traffic => ({
  since: now,
  fromClient: 0,
  toClient: 0,
  fromClientPerSecond: 0,
  toClientPerSecond: 0,
});

/** Changes how much goes to and fro a second from now on. */
export function setTraffic(
  session: SimulatedSession,
  perSecond: { fromClient: number; toClient: number },
  now: bigint,
): void {
  session.traffic = {
    since: now,
    ...bytesUntil(session, now),
    fromClientPerSecond: perSecond.fromClient,
    toClientPerSecond: perSecond.toClient,
  };
}

/** The states in which a client is there. */
export const isConnected = ({ state }: Pick<SimulatedSession, 'state'>): boolean =>
  state === 'active' || state === 'connected' || state === 'connect-query' || state === 'shadow';
