import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, numberOf } from './settings.ts';

/** Beyond its credits a client is cut off (MS-SMB2 3.3.5.2.3), beyond what may wait it is refused: other hosts give thousands. */
export const fewCredits: BehaviourKind = {
  name: 'few-credits',
  summary: 'SMB requests beyond few credits are refused: credits=N (32), waiting=N requests (48), for new connections',
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['credits', 'waiting']);
    const credits = numberOf(settings, 'credits', 32, 1);
    const parkedRequests = numberOf(settings, 'waiting', 48, 1);
    return { name: this.name, smb: { credits, parkedRequests } };
  },
};
