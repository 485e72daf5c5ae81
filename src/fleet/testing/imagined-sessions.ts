import type { ActReport, ActTarget, HostAct, Presence } from '../../hosts/act.ts';
import type { Message, MessageOutcome } from '../../hosts/message.ts';
import { UsherError } from '../../sessions/errors.ts';
import { sameIdentity } from '../../sessions/identity.ts';
import type { Session } from '../../sessions/session.ts';

/** What an act comes to on an imagined host: its session ends, or goes on, or loses its client; or the host fails. */
export type Fate = 'ends' | 'hangs' | 'disconnects' | UsherError;

export interface Fates {
  /** By default a disconnect disconnects and every other act ends the session. */
  readonly onAct?: ((act: HostAct['act'], session: Session) => Fate) | undefined;
  readonly onMessage?: ((message: Message, session: Session) => MessageOutcome) | undefined;
  /** What a later reading finds instead of the session. */
  readonly onLook?: ((session: Session) => Session | UsherError) | undefined;
}

/** Sessions on which acts have their effect. */
export interface ImaginedSessions {
  now(): readonly Session[];
  act(target: ActTarget, act: HostAct): ActReport;
  presence(target: ActTarget): Presence;
  message(target: ActTarget, message: Message): MessageOutcome;
}

export function imagineSessions(
  first: readonly Session[],
  readAt: () => Temporal.Instant,
  fates: Fates,
  tell: (event: string) => void,
): ImaginedSessions {
  let sessions = [...first];
  const meant = ({ identity }: ActTarget): Session | undefined =>
    sessions.find((session) => sameIdentity(session.identity, identity));
  const must = (target: ActTarget): Session => {
    const session = meant(target);
    if (session !== undefined) return session;
    throw new UsherError({ code: 'session_changed', message: 'the session is not there any more: nothing was done' });
  };
  const replace = (session: Session, by: readonly Session[]): void => {
    sessions = sessions.flatMap((one) => (one === session ? by : [one]));
  };
  return {
    now: () => sessions,
    act(target, { act }) {
      const session = must(target);
      tell(`${act} ${session.user}`);
      const fate = fates.onAct?.(act, session) ?? (act === 'disconnect' ? 'disconnects' : 'ends');
      if (fate instanceof UsherError) throw fate;
      if (fate === 'ends') replace(session, []);
      if (fate === 'disconnects') replace(session, [{ ...session, state: 'disconnected' }]);
      return { did: [`${act} of ${session.user}`] };
    },
    presence(target) {
      const session = meant(target);
      if (session === undefined) return { kind: 'gone', readAt: readAt() };
      const seen = fates.onLook?.(session) ?? session;
      if (seen instanceof UsherError) throw seen;
      return { kind: 'there', readAt: readAt(), session: seen, traces: [] };
    },
    message(target, message) {
      const session = must(target);
      tell(`message ${session.user}`);
      return fates.onMessage?.(message, session) ?? { kind: 'answered', answer: message.buttons[0].answer };
    },
  };
}
