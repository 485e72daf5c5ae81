import { winStationAccess, type WinStationRight } from '../security/winstation-access.ts';
import { isSameName } from '../world/account.ts';
import type { Actor } from '../world/actor.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, numberOf, wordOf } from './settings.ts';

const rights = ['all', ...(Object.keys(winStationAccess) as WinStationRight[])] as const;

/** Somebody changes the rights of an account while it is at work: from a call on, sessions that it may not query are not even listed. */
export const losesRights: BehaviourKind = {
  name: 'loses-rights',
  summary: `an account loses a right in the middle: after=N calls (20), right=${rights.join('|')} (all), account=NAME (everybody)`,
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['after', 'right', 'account']);
    const after = numberOf(settings, 'after', 20);
    const right = wordOf(settings, 'right', rights, 'all');
    const { account: only } = settings;
    const left = right === 'all' ? 0 : ~winStationAccess[right];
    const concerns = (name: string): boolean => only === undefined || isSameName(name, only);
    const isLost = (actor: Actor): boolean => actor.kind === 'remote' && concerns(actor.account.name) && calls > after;
    let calls = 0;
    return {
      name: this.name,
      call({ account }) {
        if (concerns(account.name)) calls++;
        return null;
      },
      rights: (granted, account) => (concerns(account.name) && calls > after ? granted & left : granted),
      // Neither is a right with a session: both hang on the account as a whole.
      stands: ({ act, by }) =>
        right === 'all' && isLost(by) && (act === 'terminate' || act === 'shutdown')
          ? { kind: 'refused', refusal: 'access-denied' }
          : null,
    };
  },
};
