import { waitAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { waitForSessionState } from '../../wire/ms-tsts/term-srv-notification/wait-for-session-state.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings } from './settings.ts';

const waits: ReadonlySet<string> = new Set([waitAsyncNotification.name, waitForSessionState.name]);

/** Whoever registers is told that he will hear of changes, and hears of none. */
export const silentNotifications: BehaviourKind = {
  name: 'silent-notifications',
  summary: 'notifications are registered for, and nobody is ever told of anything',
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, []);
    return { name: this.name, call: ({ name }) => (waits.has(name) ? { kind: 'never' } : null) };
  },
};
