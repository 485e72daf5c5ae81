import { notificationId } from '../../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { type ActOutcome, type Attempt, done, perform, type Refusal, refuse } from '../act.ts';
import type { Account } from '../account.ts';
import { type Actor, user } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import { openSession } from '../new-session.ts';
import type { Program } from '../process.ts';
import { ownSession, whyNoLogon } from '../policy/logons.ts';
import type { SimulatedClient, SimulatedSession } from '../session.ts';
import { startPrograms, startWindowsPrograms } from '../start-processes.ts';
import { desktop } from '../windows-programs.ts';
import { reconnect } from './connect.ts';

/** Who comes, from where, and what he starts. */
export interface Arrival {
  readonly account: Account;
  readonly client: SimulatedClient;
  /** By its name; the host's first where nothing is said. */
  readonly listener?: string;
  readonly programs?: readonly Program[];
}

/** A session; none where the host refuses. */
export type LogonOutcome =
  | { readonly kind: 'logged-on' | 'reconnected'; readonly session: SimulatedSession }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Somebody logs on, or comes back to a session that he has. Both are refused where the host's settings say so. */
export function logOn(host: SimulatedHost, arrival: Arrival): LogonOutcome {
  const { account, client, programs = [] } = arrival;
  const by = user(account);
  const listener = arrival.listener === undefined ? host.listeners[0] : host.listener(arrival.listener);
  const attempt: Attempt = { act: 'logon', session: null, process: null, by, detail: client.name };
  if (listener === undefined || listener === null || !listener.isListening || host.power !== 'up') {
    return refusal(refuse(host, attempt, 'going-down'));
  }
  const own = ownSession(host, account);
  const why = whyNoLogon(host, listener, account, own);
  if (why !== null) return refusal(refuse(host, attempt, why));
  if (own !== null) {
    const outcome = reconnect(host, own, { client, listener }, by);
    return outcome.kind === 'refused' ? refusal(outcome) : { kind: 'reconnected', session: own };
  }
  const made: SimulatedSession[] = [];
  const outcome = perform(host, attempt, () => {
    const session = openSession(host, listener, client, by);
    welcome(host, session, account, programs, by);
    made.push(session);
  });
  const [session] = made;
  if (outcome.kind === 'refused' || session === undefined) return refusal(outcome);
  return { kind: 'logged-on', session };
}

/** Somebody logs on at a logon screen: at the console, too. */
export function welcome(
  host: SimulatedHost,
  session: SimulatedSession,
  account: Account,
  programs: readonly Program[],
  by: Actor,
): ActOutcome {
  const now = host.now();
  const screen = host.processesOf(session.id).find(({ image }) => image === 'LogonUI.exe');
  if (screen !== undefined) host.processes.delete(screen.pid);
  const started = { start: now, userSid: account.sid };
  startWindowsPrograms(host, session.id, desktop, started);
  startPrograms(host, session.id, programs, started);
  Object.assign(session, { account, state: 'active', loggedOnAt: now, lastInputAt: now, locked: false });
  host.note(by, session, { kind: 'logged-on' });
  host.notifications.tell(session.id, notificationId.logon);
  return done;
}

function refusal(outcome: ActOutcome): LogonOutcome {
  return { kind: 'refused', refusal: outcome.kind === 'refused' ? outcome.refusal : 'going-down' };
}
