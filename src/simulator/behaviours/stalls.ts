import type { BehaviourKind } from './behaviour.ts';
import { ChosenAnswers, choosing, half } from './chosen-answers.ts';
import { checkSettings } from './settings.ts';

/** An answer begins and does not end: all its fragments but the last, or half of its only one, and the pipe says nothing more. */
export const stalls: BehaviourKind = {
  name: 'stalls',
  summary: `a pipe stalls in the middle of an answer: ${choosing.summary}`,
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, choosing.settings);
    const chosen = new ChosenAnswers(settings);
    return {
      name: this.name,
      sending(departure) {
        const { isFirst, isLast, bytes } = departure;
        if (!chosen.has(departure) || !isLast) return null;
        return { instead: isFirst ? half(bytes) : null, after: 'fall-silent' };
      },
    };
  },
};
