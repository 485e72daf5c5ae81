import type { BehaviourKind } from './behaviour.ts';
import { ChosenAnswers, choosing } from './chosen-answers.ts';
import { checkSettings } from './settings.ts';

/** The host is gone without having said so: the connection stands, and nothing ever comes of it again. New ones are served. */
export const halfOpen: BehaviourKind = {
  name: 'half-open',
  summary: `the connection stays, and nothing is said on it any more, in place of an answer: ${choosing.summary}`,
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, choosing.settings);
    const chosen = new ChosenAnswers(settings);
    const dead = new WeakSet<object>();
    return {
      name: this.name,
      sending(departure) {
        if (chosen.has(departure)) dead.add(departure.link);
        return dead.has(departure.link) ? { instead: null, after: 'fall-silent' } : null;
      },
    };
  },
};
