import { Secret } from '../../hosts/credential.ts';
import { type Milliseconds, milliseconds } from '../../sessions/duration.ts';
import { createSecrets } from '../credentials.ts';
import type { Timers } from '../deadline.ts';
import type { Fleet } from '../fleet.ts';
import { createLogonGate } from '../logon-gate.ts';
import type { Estate } from './estate.ts';
import { manualTimers } from './timers.ts';

/** A fleet over an estate, with one password for every account and time that stands still. */
export function aFleet(
  estate: Estate,
  {
    password = '',
    timers = manualTimers(),
    parallel = 32,
    now = () => milliseconds(0),
  }: { password?: string; timers?: Timers; parallel?: number; now?: () => Milliseconds } = {},
): Fleet {
  return {
    drivers: [estate.driver],
    secretsOf: createSecrets({
      env: { USHER_PASSWORD: password },
      passwordFile: null,
      identityFiles: [],
      ask: null,
      readFile: async () => new Secret(password),
    }),
    gate: createLogonGate(timers, now),
    timers,
    timeout: milliseconds(15_000),
    parallel,
  };
}
