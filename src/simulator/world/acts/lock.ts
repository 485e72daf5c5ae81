import { notificationId } from '../../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { type ActOutcome, perform, refuse } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import type { SimulatedSession } from '../session.ts';

/** Locks a desktop, or unlocks it. */
export function setLocked(host: SimulatedHost, session: SimulatedSession, locked: boolean, by: Actor): ActOutcome {
  const attempt = { act: locked ? 'lock' : 'unlock', session, process: null, by, detail: null } as const;
  if (session.account === null) return refuse(host, attempt, 'wrong-state');
  return perform(host, attempt, () => {
    session.locked = locked;
    host.notifications.tell(session.id, locked ? notificationId.lock : notificationId.unlock);
  });
}

/** The user moves the mouse or types: no act, and nobody is told. */
export function input(host: SimulatedHost, session: SimulatedSession): void {
  session.lastInputAt = host.now();
}
