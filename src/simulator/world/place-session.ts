import type { SessionState } from '../../sessions/state.ts';
import type { Behaviour } from '../behaviours/behaviour.ts';
import type { Account } from './account.ts';
import type { SimulatedHost } from './host.ts';
import { freshSession, stationName } from './new-session.ts';
import type { Program } from './process.ts';
import type { SessionKind, SimulatedClient, SimulatedSession, Traffic } from './session.ts';
import { isConnected } from './session.ts';
import { startPrograms, startWindowsPrograms } from './start-processes.ts';
import { desktop, logonScreen } from './windows-programs.ts';

/** A session as it stands, without the history that led to it. Times are FILETIMEs. */
export interface PlacedSession {
  readonly account: Account;
  readonly state: Extract<SessionState, 'active' | 'disconnected'>;
  readonly loggedOnAt: bigint;
  /** The last connection; `loggedOnAt` where nothing is said. */
  readonly connectedAt?: bigint;
  readonly disconnectedAt?: bigint;
  readonly lastInputAt: bigint;
  readonly client: SimulatedClient;
  /** By its name; the host's first where nothing is said. */
  readonly listener?: string;
  readonly kind?: SessionKind;
  readonly locked?: boolean;
  readonly programs?: readonly Program[];
  readonly traffic?: Traffic;
  readonly behaviours?: readonly Behaviour[];
  readonly id?: number;
}

/** Puts a session onto a host as if it had been there for a while. Nobody is told, and the ledger has nothing of it. */
export function placeSession(host: SimulatedHost, facts: PlacedSession): SimulatedSession {
  const { account, loggedOnAt, programs = [] } = facts;
  const listener = facts.listener === undefined ? host.listeners[0] : host.listener(facts.listener);
  if (listener === undefined || listener === null) throw new RangeError(`${host.name} has no such listener`);
  const connected = isConnected(facts);
  const fresh = freshSession(host, {
    id: facts.id ?? host.numbering.sessionId((id) => host.sessions.has(id)),
    listener: listener.name,
    protocol: listener.protocol,
    stationName: connected ? stationName(host, listener) : '',
    client: connected ? facts.client : null,
  });
  const session: SimulatedSession = Object.assign(fresh, {
    kind: facts.kind ?? 'desktop',
    state: facts.state,
    account,
    loggedOnAt,
    connectedAt: facts.connectedAt ?? loggedOnAt,
    disconnectedAt: facts.disconnectedAt ?? 0n,
    lastInputAt: facts.lastInputAt,
    locked: facts.locked ?? false,
    traffic: facts.traffic ?? fresh.traffic,
    behaviours: facts.behaviours ?? [],
  });
  const started = { start: loggedOnAt, userSid: account.sid };
  startWindowsPrograms(host, session.id, withoutLogonScreen, started);
  startWindowsPrograms(host, session.id, desktop, started);
  startPrograms(host, session.id, programs, started);
  return session;
}

/** LogonUI ends once somebody has logged on. Those behind it have the same parent, winlogon. */
const withoutLogonScreen = logonScreen.filter(({ image }) => image !== 'LogonUI.exe');
