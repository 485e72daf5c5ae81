import { notificationId } from '../../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { type ActOutcome, perform, refuse } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import type { SimulatedListener } from '../listener.ts';
import { stationName } from '../new-session.ts';
import { isConnected, noTraffic, type SimulatedClient, type SimulatedSession } from '../session.ts';
import { endSession } from './end-session.ts';
import { takeClientAway } from './disconnect.ts';

/**
 * `tscon`: the client of `target` shows `session` from now on, and `target` is left disconnected; where nobody had logged on to it,
 * it ends.
 */
export function connect(
  host: SimulatedHost,
  session: SimulatedSession,
  target: SimulatedSession,
  by: Actor,
): ActOutcome {
  const attempt = {
    act: 'connect',
    session,
    process: null,
    by,
    detail: `to the client of session ${target.id}`,
  } as const;
  const fits = session.account !== null && session !== target && isConnected(target) && session.kind !== 'services';
  if (!fits) return refuse(host, attempt, 'wrong-state');
  return perform(host, attempt, () => {
    const { client, stationName: name, protocol } = target;
    if (isConnected(session)) takeClientAway(host, session, by);
    if (target.account === null) endSession(host, target, 'disconnect', by, { consoleIsTaken: true });
    else takeClientAway(host, target, by, { consoleIsTaken: true });
    showOn(host, session, { client, name, protocol }, by);
  });
}

/** The user of a session connects to it again, from wherever. A client that still shows it is disconnected. */
export function reconnect(
  host: SimulatedHost,
  session: SimulatedSession,
  from: { readonly client: SimulatedClient; readonly listener: SimulatedListener },
  by: Actor,
): ActOutcome {
  const attempt = { act: 'reconnect', session, process: null, by, detail: from.client.name } as const;
  if (session.account === null) return refuse(host, attempt, 'wrong-state');
  if (host.power !== 'up') return refuse(host, attempt, 'going-down');
  return perform(host, attempt, () => {
    if (isConnected(session)) takeClientAway(host, session, by);
    const { protocol } = from.listener;
    showOn(host, session, { client: from.client, name: stationName(host, from.listener), protocol }, by);
    session.lastInputAt = host.now();
  });
}

type Screen = Pick<SimulatedSession, 'client' | 'protocol'> & { readonly name: string };

function showOn(host: SimulatedHost, session: SimulatedSession, { client, name, protocol }: Screen, by: Actor): void {
  const now = host.now();
  Object.assign(session, {
    client,
    protocol,
    stationName: name,
    state: 'active',
    connectedAt: now,
    traffic: noTraffic(now),
  });
  host.note(by, session, { kind: 'connected', client: client?.name ?? null });
  const isConsole = protocol === 'console';
  host.notifications.tell(session.id, isConsole ? notificationId.consoleConnect : notificationId.connect);
}
