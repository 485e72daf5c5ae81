import { UsherError } from '../../sessions/errors.ts';
import type { Actor } from '../world/actor.ts';
import type { SimulatedHost } from '../world/host.ts';
import { goDown } from '../world/power.ts';
import type { BehaviourKind } from './behaviour.ts';
import { callOf, checkSettings, durationOf, numberOf } from './settings.ts';

/** The host crashes and starts again: connections are cut, sessions are gone, and what comes has another boot. */
export const reboots: BehaviourKind = {
  name: 'reboots',
  summary:
    'the host crashes and starts again: at=DURATION (10m) from now or call=NAME; down=DURATION (30s), times=N (1)',
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['at', 'call', 'down', 'times']);
    const call = callOf(settings);
    const at = durationOf(settings, 'at', '10m');
    const down = durationOf(settings, 'down', '30s');
    const times = numberOf(settings, 'times', 1, 1);
    if (call !== null && settings['at'] !== undefined) {
      throw new UsherError({ code: 'usage', message: `${this.name} takes at or call, not both` });
    }
    const by: Actor = { kind: 'behaviour', name: this.name };
    let done = 0;
    const crash = (host: SimulatedHost): void => {
      if (host.power === 'down' || done >= times) return;
      done++;
      goDown(host, 'crash', by, down);
    };
    const crashSoon = (host: SimulatedHost): void => {
      host.afterWhatever(at, () => {
        crash(host);
        if (done < times) crashSoon(host);
      });
    };
    return {
      name: this.name,
      begins: (host) => (call === null ? crashSoon(host) : undefined),
      call({ name }, host) {
        if (name !== call || done >= times) return null;
        crash(host);
        return { kind: 'never' };
      },
    };
  },
};
