import type { Verdict } from '../world/act.ts';
import { endSession } from '../world/acts/end-session.ts';
import type { Actor } from '../world/actor.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { SimulatedSession } from '../world/session.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings } from './settings.ts';

const withoutEffect: Verdict = { kind: 'without-effect' };

/** A program asks "save?" and nobody answers: the log-off waits for it, and goes on once the program is gone. */
export const hangsOnLogoff: BehaviourKind = {
  name: 'hangs-on-logoff',
  summary: 'a log-off waits for an unsaved document: program=IMAGE (WINWORD.EXE), which is killed or reset to go on',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['program']);
    const image = (settings['program'] ?? 'WINWORD.EXE').toLowerCase();
    const held = new Map<number, Actor>();
    const holds = (host: SimulatedHost, session: SimulatedSession): boolean =>
      host.processesOf(session.id).some((process) => process.image.toLowerCase() === image);
    return {
      name: this.name,
      stands({ act, session, by }, host) {
        if (act !== 'logoff' || session === null || !holds(host, session)) return null;
        held.set(session.serial, by);
        return withoutEffect;
      },
      happened({ session, what }, host) {
        if (session === null) return;
        if (what.kind === 'ended') held.delete(session.serial);
        const by = held.get(session.serial);
        const still = host.sessions.get(session.id);
        if (what.kind !== 'process-ended' || by === undefined || still?.serial !== session.serial) return;
        if (!holds(host, still)) endSession(host, still, 'logoff', by);
      },
    };
  },
};
