import type { Seconds } from './duration.ts';
import type { SessionIdentity } from './identity.ts';
import type { SessionState } from './state.ts';

/** Why a session looks hung or lagging. */
export const troubleCodes = {
  orphan: 'its session manager was restarted, nobody can reconnect to it',
  closing: 'it ended, but processes of it are still there',
  'x-server-silent': 'its X server does not answer',
  'no-user-process': 'it has no process of its user',
  'window-manager-stopped': 'its window manager is stopped',
  'slow-client-link': "its client's network link is slow",
  down: 'it is down: it failed to start, or does not end',
  ending: 'nobody is logged on any more, and it has not ended',
  'no-answer': 'the host does not answer questions about it',
} as const;

export type TroubleCode = keyof typeof troubleCodes;

export interface Trouble {
  readonly code: TroubleCode;
  /** What was seen, with its measure: `X server 812 gave no answer within 1 s`. */
  readonly reason: string;
}

/** The machine in front of the user. */
export interface SessionClient {
  /** What the client calls itself. */
  readonly name: string | null;
  /** The transport peer's address, without a port. */
  readonly address: string | null;
  /** Width × height of the desktop in pixels and its depth in bits: `1280x1024x24`. */
  readonly display: string | null;
}

export type SessionProtocol = 'rdp' | 'vnc' | 'ica' | 'console';

/**
 * What a row is: somebody's session; Windows' services; the console of a Windows host where nobody is logged on; or a listener,
 * which waits for clients.
 */
export type SessionKind = 'user' | 'services' | 'console' | 'listener';

/** One session as it was read. What the host did not tell is null, never a guess. */
export interface Session {
  /** The host's name in this estate, or its URL where it has none. */
  readonly host: string;
  /** Windows: the session id. xrdp: the display number. */
  readonly id: number;
  /** Windows: the WinStation name, such as `RDP-Tcp#3`. xrdp: the display, such as `:10`. */
  readonly name: string;
  readonly kind: SessionKind;
  readonly user: string | null;
  readonly domain: string | null;
  /** Null: whether a client is connected cannot be seen. */
  readonly state: SessionState | null;
  /** Since the user's last input, as that host counts it. */
  readonly idleFor: Seconds | null;
  readonly loggedOnAt: Temporal.Instant | null;
  readonly connectedAt: Temporal.Instant | null;
  readonly disconnectedAt: Temporal.Instant | null;
  readonly lastInputAt: Temporal.Instant | null;
  readonly client: SessionClient;
  readonly protocol: SessionProtocol | null;
  readonly locked: boolean | null;
  /** Memory that its processes hold: proportional set size on Linux (smaps(5)), working set on Windows. */
  readonly memoryBytes: number | null;
  /** 100 is one core kept busy. */
  readonly cpuPercent: number | null;
  /** From the client to the host. */
  readonly bytesInPerSecond: number | null;
  /** From the host to the client. */
  readonly bytesOutPerSecond: number | null;
  /** Smoothed round-trip time of the client's connection, in milliseconds. */
  readonly roundTripMs: number | null;
  readonly processCount: number | null;
  readonly troubles: readonly Trouble[];
  readonly identity: SessionIdentity;
  /** {@link SessionIdentity} as opaque text. */
  readonly key: string;
}
