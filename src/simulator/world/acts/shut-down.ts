import { type ActOutcome, perform, refuse } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import { goDown } from '../power.ts';
import { logOff } from './log-off.ts';

export type ShutdownKind = 'shutdown' | 'restart' | 'power-off';

/** The host goes down, and after a restart comes up again. It answers until then. */
export function shutDown(host: SimulatedHost, kind: ShutdownKind, by: Actor): ActOutcome {
  const attempt = { act: 'shutdown', session: null, process: null, by, detail: kind } as const;
  if (host.power !== 'up') return refuse(host, attempt, 'going-down');
  return perform(host, attempt, () => {
    host.power = 'going-down';
    host.after(host.pace.shutdown, () => {
      goDown(host, kind, by, kind === 'restart' ? host.pace.boot : null);
    });
  });
}

/** Logs everybody off, and the host stays up. */
export function logOffAll(host: SimulatedHost, by: Actor): ActOutcome {
  const attempt = { act: 'shutdown', session: null, process: null, by, detail: 'logoff' } as const;
  return perform(host, attempt, () => {
    for (const session of host.allSessions()) if (session.account !== null) logOff(host, session, by);
  });
}
