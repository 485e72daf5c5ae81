import type { BehaviourKind } from './behaviour.ts';
import { checkSettings } from './settings.ts';

/** Neither a log-off nor a reset ends the session; it ends when its logon process is killed. */
export const hangsOnReset: BehaviourKind = {
  name: 'hangs-on-reset',
  summary: 'log-off and reset are taken on and come to nothing; killing winlogon.exe ends the session',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, []);
    return {
      name: this.name,
      stands: ({ act }) => (act === 'logoff' || act === 'reset' ? { kind: 'without-effect' } : null),
    };
  },
};
