import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, signedDurationOf } from './settings.ts';

/** The host's clock is wrong: in all that it tells, and in its logons. */
export const clockSkew: BehaviourKind = {
  name: 'clock-skew',
  summary: "the host's clock is ahead or behind: by=DURATION, such as -90s (90s)",
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['by']);
    const by = signedDurationOf(settings, 'by', '90s');
    return {
      name: this.name,
      begins(host) {
        host.clockSkew = by;
      },
    };
  },
};
