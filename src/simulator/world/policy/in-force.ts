import { type Milliseconds, milliseconds } from '../../../sessions/duration.ts';
import type { SimulatedHost } from '../host.ts';
import { keyPaths, winStation } from '../registry/windows-hive.ts';

/** What a listener says for itself only where it does not leave it to the user's account, and by which value it does. */
const leftToUser = {
  MaxIdleTime: 'fInheritMaxIdleTime',
  MaxConnectionTime: 'fInheritMaxSessionTime',
  MaxDisconnectionTime: 'fInheritMaxDisconnectionTime',
  fResetBroken: 'fInheritResetBroken',
} as const;

export type SettingName = keyof typeof leftToUser;

/** No limit, beside zero. */
const unlimited = 0xffffffff;

/**
 * A setting of Remote Desktop Services for what comes through a listener: the policy's, else the listener's own, else none, for accounts
 * on simulated hosts set nothing.
 */
export function inForce(host: SimulatedHost, listener: string | null, name: SettingName): number | null {
  const policy = host.dword(keyPaths.policies, name);
  if (policy !== null || listener === null) return policy;
  const isLeft = host.dword(winStation(listener), leftToUser[name]) !== 0;
  return isLeft ? null : host.dword(winStation(listener), name);
}

/** Limits of time, each null where there is none. They are in milliseconds in the registry. */
export interface TimeLimits {
  readonly idle: Milliseconds | null;
  readonly connection: Milliseconds | null;
  readonly disconnected: Milliseconds | null;
  /** fResetBroken: whether a session ends at a limit, instead of being disconnected. */
  readonly ends: boolean;
}

export function timeLimits(host: SimulatedHost, listener: string): TimeLimits {
  const limit = (name: SettingName): Milliseconds | null => {
    const value = inForce(host, listener, name) ?? 0;
    return value === 0 || value === unlimited ? null : milliseconds(value);
  };
  return {
    idle: limit('MaxIdleTime'),
    connection: limit('MaxConnectionTime'),
    disconnected: limit('MaxDisconnectionTime'),
    ends: inForce(host, listener, 'fResetBroken') === 1,
  };
}
