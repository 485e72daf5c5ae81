import { type Account, isAdministrator } from '../account.ts';
import type { Refusal } from '../act.ts';
import type { SimulatedHost } from '../host.ts';
import type { SimulatedListener } from '../listener.ts';
import { valueAt } from '../registry/hive.ts';
import { textOf } from '../registry/values.ts';
import { keyPaths, winStation } from '../registry/windows-hive.ts';
import { isConnected, type SimulatedSession } from '../session.ts';

/** From this on the policy's MaxInstanceCount is no limit. */
const anyNumber = 999_999;

/**
 * The session that somebody comes back to when he logs on: the one that he left, else, where fSingleSessionPerUser says so, the one that
 * another client still shows. The policy's value goes before the host's own.
 */
export function ownSession(host: SimulatedHost, { sid }: Account): SimulatedSession | null {
  const own = host.allSessions().filter(({ account, kind }) => account?.sid === sid && kind !== 'services');
  const single =
    host.dword(keyPaths.policies, 'fSingleSessionPerUser') ??
    host.dword(keyPaths.terminalServer, 'fSingleSessionPerUser');
  const left = own.find(({ state }) => state === 'disconnected');
  return left ?? (single === 0 ? null : (own[0] ?? null));
}

/**
 * What keeps somebody out: `change logon`, Remote Desktop that is off, a listener that has its MaxInstanceCount of connections. Who
 * comes back to a session is let in while a host drains.
 */
export function whyNoLogon(
  host: SimulatedHost,
  listener: SimulatedListener,
  account: Account,
  own: SimulatedSession | null,
): Refusal | null {
  const isOff = textOf(valueAt(host.registry, keyPaths.winlogon, 'WinStationsDisabled')) === '1';
  if (isOff || !host.allowsRemoteDesktop) return 'logons-disabled';
  const drains = (host.dword(keyPaths.terminalServer, 'TSServerDrainMode') ?? 0) !== 0;
  if (drains && own === null && !isAdministrator(account)) return 'logons-disabled';
  return hasRoom(host, listener, own) ? null : 'no-room';
}

/** Whether one more may be connected. Who takes over what another client shows is not one more. */
function hasRoom(host: SimulatedHost, { name }: SimulatedListener, own: SimulatedSession | null): boolean {
  const most = host.dword(keyPaths.policies, 'MaxInstanceCount') ?? host.dword(winStation(name), 'MaxInstanceCount');
  if (most === null || most >= anyNumber) return true;
  const others = host.allSessions().filter((one) => one.listener === name && isConnected(one) && one !== own);
  return others.length < most;
}
