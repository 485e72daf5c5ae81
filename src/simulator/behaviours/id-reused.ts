import { UsherError } from '../../sessions/errors.ts';
import { logOn } from '../world/acts/log-on.ts';
import type { SimulatedClient } from '../world/session.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings } from './settings.ts';

const newcomer: SimulatedClient = {
  name: 'NEWCOMER',
  address: '192.0.2.99',
  width: 1280,
  height: 720,
  colorDepth: 32,
  build: 26_100,
  timeZone: 'UTC',
};

/** The id of a session that has ended is the next one's. With `user`, that one logs on in the same moment. */
export const idReused: BehaviourKind = {
  name: 'id-reused',
  summary: 'the next session gets the id of the one that ended; user=NAME: who logs on at once and gets it',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['user']);
    const { user } = settings;
    return {
      name: this.name,
      happened({ session, what }, host) {
        if (session === null || what.kind !== 'ended' || what.cause === 'host-down') return;
        host.numbering.reuseSessionId(session.id);
        if (user === undefined) return;
        const account = host.accounts.find(user, '');
        if (account === null) {
          throw new UsherError({ code: 'usage', message: `${host.name} has no account '${user}' to log on` });
        }
        logOn(host, { account, client: newcomer });
      },
    };
  },
};
