import { milliseconds } from '../../sessions/duration.ts';
import { ticksOf } from '../clock/simulated-clock.ts';
import type { Chance } from '../people/random.ts';
import type { SimulatedHost } from '../world/host.ts';
import { freshSession } from '../world/new-session.ts';
import { startWindowsPrograms } from '../world/start-processes.ts';
import { logonScreen } from '../world/windows-programs.ts';
import type { Stuck } from './plan.ts';

/** Puts a session that is stuck for hours onto a host. */
export function placeStuck(host: SimulatedHost, stuck: Stuck, chance: Chance): void {
  const since = host.now() - ticksOf(milliseconds(Math.round(chance.between(2, 20) * 3_600_000)));
  const session = freshSession(host, {
    id: host.numbering.sessionId((id) => host.sessions.has(id)),
    listener: host.listeners[0]?.name ?? null,
    protocol: 'rdp',
    stationName: '',
    client: null,
  });
  session.state = stuck === 'down' ? 'down' : 'disconnected';
  session.connectedAt = since;
  session.disconnectedAt = since;
  const start = since;
  startWindowsPrograms(
    host,
    session.id,
    logonScreen.filter(({ image }) => image !== 'LogonUI.exe'),
    { start, userSid: null },
  );
}
