import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, durationOf } from './settings.ts';

/** A session that is ended stays for a while, in the state `down`, before it is gone. */
export const staysDown: BehaviourKind = {
  name: 'stays-down',
  summary: 'a session that is logged off or reset is down for a while before it is gone: for=DURATION (30s)',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['for']);
    const by = durationOf(settings, 'for', '30s');
    return {
      name: this.name,
      stands: ({ act }) => (act === 'logoff' || act === 'reset' ? { kind: 'late', by, meanwhile: 'down' } : null),
    };
  },
};
