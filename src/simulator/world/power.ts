import type { Milliseconds } from '../../sessions/duration.ts';
import { type Actor, theHost } from './actor.ts';
import { type HostFacts, SimulatedHost, type WorldSurroundings } from './host.ts';
import { openConsole, openServices, servicesSession } from './new-session.ts';
import { obeyTimeLimits } from './policy/time-limits.ts';
import { withValue } from './registry/hive.ts';
import { dword } from './registry/values.ts';
import { drainMode, keyPaths } from './registry/windows-hive.ts';
import { startWindowsPrograms } from './start-processes.ts';
import { services } from './windows-programs.ts';

const consoleSession = 1;

/** A host that has just started, or has been up for so long. */
export function startHost(facts: HostFacts, surroundings: WorldSurroundings, bootedAt?: bigint): SimulatedHost {
  const host = new SimulatedHost(facts, surroundings);
  obeyTimeLimits(host);
  boot(host, bootedAt);
  host.behaviours = facts.behaviours ?? [];
  return host;
}

/** Starts it: the services' session and the console's, nothing else. */
export function boot(host: SimulatedHost, bootedAt: bigint = host.now()): void {
  host.beginBoot();
  host.bootedAt = bootedAt;
  host.numbering.restart();
  openServices(host);
  startWindowsPrograms(host, servicesSession, services, { start: bootedAt, userSid: null });
  openConsole(host, bootedAt, consoleSession);
  if (host.dword(keyPaths.terminalServer, 'TSServerDrainMode') === drainMode.untilRestart) {
    host.registry = withValue(
      host.registry,
      keyPaths.terminalServer,
      dword('TSServerDrainMode', drainMode.off),
      host.now(),
    );
  }
  host.note(theHost, null, { kind: 'booted' });
}

/** Everything on it ends, and so do the connections to it. With `upAgainAfter` it starts again. */
export function goDown(
  host: SimulatedHost,
  why: 'shutdown' | 'restart' | 'power-off' | 'crash',
  by: Actor,
  upAgainAfter: Milliseconds | null,
): void {
  for (const session of host.allSessions()) {
    for (const box of session.boxes) box.end({ kind: 'swept-away' });
    host.sessions.delete(session.id);
    if (session.id !== servicesSession) host.note(by, session, { kind: 'ended', cause: 'host-down' });
  }
  host.processes.clear();
  host.power = 'down';
  host.note(by, null, { kind: 'went-down', why });
  host.hangUp();
  if (upAgainAfter !== null) host.afterWhatever(upAgainAfter, () => boot(host));
}
