import { UsherError } from '../../sessions/errors.ts';
import { checkAccess, type Membership } from '../../wire/ms-dtyp/access-check.ts';
import { decodeSecurityDescriptor, type SecurityDescriptor } from '../../wire/ms-dtyp/security-descriptor.ts';
import {
  allAccess,
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

function rightsOfListener({ registry }: SimulatedHost, account: Account, listener: string | null): number {
  const own =
    listener === null
      ? valueAt(registry, keyPaths.winStations, 'ConsoleSecurity')
      : valueAt(registry, winStation(listener), 'Security');
  const value = own ?? valueAt(registry, keyPaths.winStations, 'DefaultSecurity');
  return value === null ? 0 : granted(value.data, account);
}

/** Data of a value never changes and is the same on most hosts, so what it grants an account is worked out once. */
const known = new WeakMap<Uint8Array, WeakMap<Account, number>>();

function granted(data: Uint8Array, account: Account): number {
  const ofAccounts = known.get(data) ?? new WeakMap<Account, number>();
  known.set(data, ofAccounts);
  const before = ofAccounts.get(account);
  if (before !== undefined) return before;
  const rights = grantedBy(data, account);
  ofAccounts.set(account, rights);
  return rights;
}

const bits = Array.from({ length: 32 }, (_, bit) => 2 ** bit).filter(
  (bit) => (bit & (allAccess | currentUserAccess)) !== 0,
);

/** Nothing where the data is no security descriptor. */
function grantedBy(data: Uint8Array, account: Account): number {
  const sids = tokenSids(account);
  const security = decoded(data);
  if (security === null) return 0;
  const member = (sid: string): Membership => (sids.has(sid) ? 'yes' : 'no');
  return withLogoff(
    bits.filter((bit) => checkAccess(security, bit, member).access === 'granted').reduce((all, bit) => all | bit, 0),
  );
}

function decoded(data: Uint8Array): SecurityDescriptor | null {
  try {
    return decodeSecurityDescriptor(data);
  } catch (error) {
    if (error instanceof UsherError) return null;
    throw error;
  }
}
