import type { BehaviourKind } from './behaviour.ts';
import { callOf, checkSettings, durationOf } from './settings.ts';

/** Every answer comes late, or those to calls of one name. */
export const slow: BehaviourKind = {
  name: 'slow',
  summary: 'answers come late: by=DURATION (2s), call=NAME, such as RpcGetClientData (every call)',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['by', 'call']);
    const by = durationOf(settings, 'by', '2s');
    const only = callOf(settings);
    return {
      name: this.name,
      call: ({ name }) => (only === null || only === name ? { kind: 'late', by } : null),
    };
  },
};
