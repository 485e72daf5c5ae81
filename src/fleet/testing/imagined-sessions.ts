import { whyReasonGone } from '../../sessions/allowed-actions.ts';
import type { ActReport, ActTarget, HostAct, Presence } from '../../hosts/act.ts';
import type { Message, MessageOutcome } from '../../hosts/message.ts';
import { UsherError } from '../../sessions/errors.ts';
import { sameIdentity, type SessionIdentity } from '../../sessions/identity.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { Session } from '../../sessions/session.ts';

/** What an act comes to on an imagined host: its session ends, ends but leaves processes, goes on, loses or gets a client, loses a process; or the host fails. */
export type Fate = 'ends' | 'leaves' | 'hangs' | 'disconnects' | 'connects' | 'loses-process' | UsherError;

export interface Fates {
  /** By default a disconnect disconnects, a connect connects, the kill of a process is its end, and every other act ends the session. */
  readonly onAct?: ((act: HostAct['act'], session: Session, reason: ActTarget['reason']) => Fate) | undefined;
  readonly onMessage?: ((message: Message, session: Session) => MessageOutcome | UsherError) | undefined;
  /** What a later reading finds instead of the session. */
  readonly onLook?: ((session: Session) => Session | UsherError) | undefined;
  /** Why the processes cannot be read now, or what is read instead. */
  readonly onProcesses?: (() => UsherError | readonly SessionProcess[] | null) | undefined;
}

type Meant = Pick<ActTarget, 'identity'>;

const among = (sessions: readonly Session[], { identity }: Meant): Session | undefined =>
  sessions.find((session) => sameIdentity(session.identity, identity));

const changed = (why: string): UsherError =>
  new UsherError({ code: 'session_changed', message: `${why}: nothing was done` });

/** A session once the client of `to` shows `session`. */
function connected(one: Session, session: Session, to: Session): Session {
  if (one === session) return { ...one, state: 'active', client: to.client };
  return one === to ? { ...one, state: 'disconnected' } : one;
}

/** Sessions on which acts have their effect. */
export interface ImaginedSessions {
  now(): readonly Session[];
  act(target: ActTarget, act: HostAct): ActReport;
  presence(target: ActTarget): Presence;
  processes(identity: SessionIdentity): readonly SessionProcess[];
  message(target: ActTarget, message: Message): MessageOutcome;
}

const usualFates: Partial<Record<HostAct['act'], Fate>> = {
  disconnect: 'disconnects',
  connect: 'connects',
  'kill-process': 'loses-process',
};

export function imagineSessions(
  { sessions: first, processes: running }: { sessions: readonly Session[]; processes: readonly SessionProcess[] },
  readAt: () => Temporal.Instant,
  fates: Fates,
  tell: (event: string) => void,
): ImaginedSessions {
  let sessions = [...first];
  let processes = [...running];
  const left: Session[] = [];
  const meant = (target: Meant): Session | undefined => among(sessions, target);
  const leftOf = (target: Meant): Session | undefined => among(left, target);
  const must = (target: Meant): Session => {
    const session = meant(target) ?? leftOf(target);
    if (session !== undefined) return session;
    throw changed('the session is not there any more');
  };
  const replace = (session: Session, by: readonly Session[]): void => {
    sessions = sessions.flatMap((one) => (one === session ? by : [one]));
  };
  return {
    now: () => sessions,
    act(target, hostAct) {
      const { act } = hostAct;
      const session = must(target);
      const to = hostAct.act === 'connect' ? must(hostAct.to) : null;
      const seen = target.reason === null ? session : (fates.onLook?.(session) ?? session);
      const why = target.reason === null || seen instanceof UsherError ? null : whyReasonGone(target.reason, seen);
      if (why !== null) throw changed(why);
      tell(to === null ? `${act} ${session.user}` : `show ${session.user} to ${to.user}`);
      const fate = fates.onAct?.(act, session, target.reason) ?? usualFates[act] ?? 'ends';
      if (fate instanceof UsherError) throw fate;
      if (fate === 'ends') {
        replace(session, []);
        left.length = 0;
      }
      if (fate === 'leaves') {
        replace(session, []);
        left.push(session);
      }
      if (fate === 'disconnects') replace(session, [{ ...session, state: 'disconnected' }]);
      if (fate === 'connects' && to !== null) sessions = sessions.map((one) => connected(one, session, to));
      if (fate === 'loses-process' && hostAct.act === 'kill-process') {
        processes = processes.filter(({ pid }) => pid !== hostAct.pid);
      }
      return { did: [`${act} of ${session.user}`] };
    },
    processes(identity) {
      must({ identity });
      const told = fates.onProcesses?.() ?? null;
      if (told instanceof UsherError) throw told;
      return told ?? processes;
    },
    presence(target) {
      const session = meant(target);
      if (session === undefined && leftOf(target) !== undefined)
        return { kind: 'remains', readAt: readAt(), processes };
      if (session === undefined) return { kind: 'gone', readAt: readAt() };
      const seen = fates.onLook?.(session) ?? session;
      if (seen instanceof UsherError) throw seen;
      return { kind: 'there', readAt: readAt(), session: seen, traces: [] };
    },
    message(target, message) {
      const session = must(target);
      tell(`message ${session.user}`);
      const outcome = fates.onMessage?.(message, session) ?? { kind: 'answered', answer: message.buttons[0].answer };
      if (outcome instanceof UsherError) throw outcome;
      return outcome;
    },
  };
}
