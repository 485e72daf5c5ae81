import { decodeSecurityDescriptor, grantedAccess, type SecurityDescriptor } from '../security/security-descriptor.ts';
import {
  currentUserAccess,
  userAccess,
  winStationAccess,
  type WinStationRight,
  withLogoff,
} from '../security/winstation-access.ts';
import { type Account, tokenSids } from './account.ts';
import type { SimulatedHost } from './host.ts';
import { valueAt } from './registry/hive.ts';
import { keyPaths, winStation } from './registry/windows-hive.ts';
import type { SimulatedSession } from './session.ts';

/**
 * What an account may do with a session: what the Security value of the listener says through which it was made, else
 * DefaultSecurity; ConsoleSecurity for the console and the services ([MS-TSTS] 3.1.1 and its note). Of its own session a user has
 * WINSTATION_CURRENT_USER_ACCESS besides.
 */
export function rightsWith(host: SimulatedHost, account: Account, session: SimulatedSession): number {
  const base = rightsOfListener(host, account, session.listener);
  const own = session.account?.sid === account.sid ? userAccess | currentUserAccess : 0;
  return judged(host, account, session, base | own);
}

/** The same of a listener itself; null stands for the console. */
export function rightsWithListener(host: SimulatedHost, account: Account, listener: string | null): number {
  return judged(host, account, null, rightsOfListener(host, account, listener));
}

export const hasRight = (granted: number, right: WinStationRight): boolean => (granted & winStationAccess[right]) !== 0;

function judged(host: SimulatedHost, account: Account, session: SimulatedSession | null, granted: number): number {
  return host
    .behavioursOf(session)
    .reduce((left, behaviour) => behaviour.rights?.(left, account, session) ?? left, granted);
}

function rightsOfListener(host: SimulatedHost, account: Account, listener: string | null): number {
  const security = securityOf(host, listener);
  return security === null ? 0 : withLogoff(grantedAccess(security, sidsOf(account)));
}

function securityOf({ registry }: SimulatedHost, listener: string | null): SecurityDescriptor | null {
  const own =
    listener === null
      ? valueAt(registry, keyPaths.winStations, 'ConsoleSecurity')
      : valueAt(registry, winStation(listener), 'Security');
  const value = own ?? valueAt(registry, keyPaths.winStations, 'DefaultSecurity');
  return value === null ? null : decoded(value.data);
}

/** Data of a value never changes, and is the same of most hosts. */
const descriptors = new WeakMap<Uint8Array, SecurityDescriptor | false>();

function decoded(data: Uint8Array): SecurityDescriptor | null {
  const known = descriptors.get(data) ?? decodeSecurityDescriptor(data) ?? false;
  descriptors.set(data, known);
  return known === false ? null : known;
}

const tokens = new WeakMap<Account, ReadonlySet<string>>();

function sidsOf(account: Account): ReadonlySet<string> {
  const known = tokens.get(account) ?? tokenSids(account);
  tokens.set(account, known);
  return known;
}
