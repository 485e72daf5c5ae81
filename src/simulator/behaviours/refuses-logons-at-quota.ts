import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, numberOf } from './settings.ts';

/** So many users and no more, as a host without licences for more has it. Who has a session comes back to it. */
export const refusesLogonsAtQuota: BehaviourKind = {
  name: 'refuses-logons-at-quota',
  summary: 'new logons are refused once so many users have sessions: quota=N (2)',
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['quota']);
    const quota = numberOf(settings, 'quota', 2);
    return {
      name: this.name,
      stands({ act }, host) {
        if (act !== 'logon') return null;
        const users = host.allSessions().filter(({ account }) => account !== null).length;
        return users >= quota ? { kind: 'refused', refusal: 'no-room' } : null;
      },
    };
  },
};
