import { notificationId } from '../../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { type ActOutcome, perform, refuse } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import { isConsole, openConsole } from '../new-session.ts';
import { bytesUntil, isConnected, noTraffic, type SimulatedSession } from '../session.ts';
import { endSession } from './end-session.ts';

/** The client goes, the programs stay. A session that nobody has logged on to ends instead. */
export function disconnect(host: SimulatedHost, session: SimulatedSession, by: Actor): ActOutcome {
  const attempt = { act: 'disconnect', session, process: null, by, detail: null } as const;
  if (!isConnected(session)) return refuse(host, attempt, 'wrong-state');
  return perform(host, attempt, () => {
    if (session.account === null) return endSession(host, session, 'disconnect', by);
    takeClientAway(host, session, by);
  });
}

/** What a disconnection leaves of a session. The console gets a new one, unless somebody takes it. */
export function takeClientAway(
  host: SimulatedHost,
  session: SimulatedSession,
  by: Actor,
  { consoleIsTaken = false } = {},
): void {
  const now = host.now();
  const hadConsole = isConsole(session);
  host.note(by, session, { kind: 'disconnected' });
  session.traffic = { ...noTraffic(now), ...bytesUntil(session, now) };
  session.state = 'disconnected';
  session.stationName = '';
  session.client = null;
  session.disconnectedAt = now;
  host.notifications.tell(session.id, hadConsole ? notificationId.consoleDisconnect : notificationId.disconnect);
  if (hadConsole && !consoleIsTaken) openConsole(host, now);
}
