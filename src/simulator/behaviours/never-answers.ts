import type { BehaviourKind } from './behaviour.ts';
import { callOf, checkSettings } from './settings.ts';

/** Calls are taken and never answered, or those of one name. */
export const neverAnswers: BehaviourKind = {
  name: 'never-answers',
  summary: 'calls are never answered: call=NAME, such as RpcGetClientData (every call)',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['call']);
    const only = callOf(settings);
    return { name: this.name, call: ({ name }) => (only === null || only === name ? { kind: 'never' } : null) };
  },
};
