import { endSession } from '../world/acts/end-session.ts';
import { isCritical } from '../world/process.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, wordOf } from './settings.ts';

/** Not even the end of its logon process ends the session: it ends when none of its processes is left but csrss.exe. */
export const hangsUntilProcessesDie: BehaviourKind = {
  name: 'hangs-until-processes-die',
  summary: 'ends when every process but csrss.exe is killed; ends=never: not even then, until the host restarts',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['ends']);
    const ends = wordOf(settings, 'ends', ['then', 'never'], 'then');
    return {
      name: this.name,
      stands: ({ act }) =>
        act === 'logoff' || act === 'reset' || act === 'collapse' ? { kind: 'without-effect' } : null,
      happened({ session, what, by }, host) {
        if (session === null || what.kind !== 'process-ended' || ends === 'never') return;
        const still = host.sessions.get(session.id);
        if (still?.serial !== session.serial || still.kind === 'services') return;
        if (!host.processesOf(session.id).every(isCritical)) return;
        endSession(host, still, 'all-processes-killed', by);
      },
    };
  },
};
