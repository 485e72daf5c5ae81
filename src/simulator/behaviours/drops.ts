import type { BehaviourKind } from './behaviour.ts';
import { ChosenAnswers, choosing, half } from './chosen-answers.ts';
import { checkSettings } from './settings.ts';

/** The connection ends in the middle of an answer. */
export const drops: BehaviourKind = {
  name: 'drops',
  summary: `the connection is cut in the middle of an answer: ${choosing.summary}`,
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, choosing.settings);
    const chosen = new ChosenAnswers(settings);
    const doomed = new WeakSet<object>();
    return {
      name: this.name,
      sending(departure) {
        const { link, bytes, isLast } = departure;
        if (doomed.has(link)) return { instead: half(bytes), after: 'hang-up' };
        if (!chosen.has(departure) || !isLast) return null;
        doomed.add(link);
        return { instead: half(bytes), after: 'hang-up' };
      },
    };
  },
};
