import { notificationId } from '../../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import type { EndCause } from '../ledger.ts';
import { isConsole, openConsole } from '../new-session.ts';
import { isConnected, type SimulatedSession } from '../session.ts';

/** A session is gone, with its processes and all that was on its desktop. The console gets a new one, unless somebody takes it. */
export function endSession(
  host: SimulatedHost,
  session: SimulatedSession,
  cause: EndCause,
  by: Actor,
  { consoleIsTaken = false } = {},
): void {
  if (host.sessions.get(session.id) !== session) return;
  for (const box of session.boxes) box.end({ kind: 'swept-away' });
  for (const { pid } of host.processesOf(session.id)) host.processes.delete(pid);
  const wasLoggedOn = session.account !== null;
  const hadConsole = isConsole(session);
  host.sessions.delete(session.id);
  if (wasLoggedOn) host.note(by, session, { kind: 'logged-off' });
  if (wasLoggedOn) host.notifications.tell(session.id, notificationId.logoff);
  if (isConnected(session)) {
    host.notifications.tell(session.id, hadConsole ? notificationId.consoleDisconnect : notificationId.disconnect);
  }
  host.notifications.tell(session.id, notificationId.terminate);
  if (hadConsole && !consoleIsTaken && host.power !== 'down') openConsole(host, host.now());
  // Last of all: whoever hears of it finds the session gone and its id free.
  host.note(by, session, { kind: 'ended', cause });
}
