import { winStationAccess, type WinStationRight } from '../security/winstation-access.ts';
import { isSameName } from '../world/account.ts';
import type { Behaviour, BehaviourKind } from './behaviour.ts';
import { checkSettings, wordOf } from './settings.ts';

const rights = [...(Object.keys(winStationAccess) as WinStationRight[]), 'terminate', 'shutdown'] as const;

/** A right that an account lacks, whatever the registry says. */
export const accessDenied: BehaviourKind = {
  name: 'access-denied',
  summary: `an account lacks a right: right=${rights.join('|')} (logoff), account=NAME (everybody)`,
  of: ['host', 'session'],
  make(settings): Behaviour {
    checkSettings(this.name, settings, ['right', 'account']);
    const right = wordOf(settings, 'right', rights, 'logoff');
    const { account: only } = settings;
    const concerns = (name: string): boolean => only === undefined || isSameName(name, only);
    if (right === 'terminate' || right === 'shutdown') {
      return {
        name: this.name,
        stands: ({ act, by }) =>
          act === right && by.kind === 'remote' && concerns(by.account.name)
            ? { kind: 'refused', refusal: 'access-denied' }
            : null,
      };
    }
    return {
      name: this.name,
      rights: (granted, account) => (concerns(account.name) ? granted & ~winStationAccess[right] : granted),
    };
  },
};
