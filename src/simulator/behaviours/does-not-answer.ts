import type { BehaviourKind } from './behaviour.ts';
import { checkSettings } from './settings.ts';

/** Messages stay until their time is over, even where everybody else on the host answers. */
export const doesNotAnswer: BehaviourKind = {
  name: 'does-not-answer',
  summary: 'the user lets messages time out',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, []);
    return { name: this.name, boxShown: () => true };
  },
};
