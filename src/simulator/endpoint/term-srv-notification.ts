import { milliseconds } from '../../sessions/duration.ts';
import { nullHandle } from '../../wire/ndr/context-handle.ts';
import {
  notificationId,
  registerAsyncNotification,
} from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { unregisterAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/unregister-async-notification.ts';
import { waitAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { waitForSessionState } from '../../wire/ms-tsts/term-srv-notification/wait-for-session-state.ts';
import { allSessions, type Notifications, type Subscription } from '../world/notifications.ts';
import { Held } from './handles.ts';
import { hresults, Refused } from './refusal.ts';
import { hresultCall, type ServedCall } from './served-call.ts';
import { existing, queried, sessionAbout, stateCode } from './sessions.ts';

/** The most subscriptions of a host: more are refused. */
const mostSubscriptions = 4096;
/** INFINITE. */
const forEver = 0xffffffff;

/** What a NOTIFY_HANDLE stands for. */
class Registered extends Held {
  readonly subscription: Subscription;
  readonly #notifications: Notifications;

  constructor(notifications: Notifications, sessionId: number, mask: number) {
    super();
    this.#notifications = notifications;
    this.subscription = notifications.subscribe(sessionId, mask);
  }

  override close(): void {
    this.#notifications.unsubscribe(this.subscription);
  }
}

/** TermSrvNotification ([MS-TSTS] 3.3.4.2). */
export const termSrvNotificationCalls: readonly ServedCall[] = [
  hresultCall(
    waitForSessionState,
    () => ({}),
    (caller, { sessionId, state, timeout }) => {
      const { host } = caller;
      const session = queried(caller, sessionId);
      if (stateCode(session) === state) return { returnValue: 0 };
      if (host.notifications.count >= mostSubscriptions) throw new Refused('no-room');
      return {
        later(answer) {
          const subscription = host.notifications.subscribe(sessionId, notificationId.all);
          const end = (returnValue: number): void => {
            host.notifications.unsubscribe(subscription);
            answer({ returnValue });
          };
          const look = (): void => {
            if (subscription.isEnded) return;
            subscription.take();
            if (host.sessions.get(sessionId) !== session) end(hresults['no-such-session'] | 0);
            else if (stateCode(session) === state) end(0);
            else subscription.wait(look);
          };
          subscription.wait(look);
          const late =
            timeout === forEver ? null : host.after(milliseconds(timeout), () => end(hresults['timed-out'] | 0));
          return {
            [Symbol.dispose]() {
              late?.[Symbol.dispose]();
              host.notifications.unsubscribe(subscription);
            },
          };
        },
      };
    },
    sessionAbout,
  ),
  hresultCall(
    registerAsyncNotification,
    () => ({ phNotify: nullHandle }),
    (caller, { sessionId, mask }) => {
      const { notifications } = caller.host;
      if (sessionId !== allSessions) existing(caller, sessionId);
      if (notifications.count >= mostSubscriptions) throw new Refused('no-room');
      return { phNotify: caller.handles.open(new Registered(notifications, sessionId, mask)), returnValue: 0 };
    },
  ),
  hresultCall(
    waitAsyncNotification,
    () => ({ sessionChange: null }),
    ({ handles }, { hNotify }) => {
      const { subscription } = handles.held(hNotify, Registered);
      // One waits at a time.
      if (subscription.isWaitedFor) throw new Refused('wrong-state');
      return {
        later: (answer) =>
          subscription.wait(() => {
            const sessionChange = subscription.take();
            const isOver = sessionChange.length === 0;
            answer({ sessionChange: isOver ? null : sessionChange, returnValue: isOver ? hresults.aborted | 0 : 0 });
          }),
      };
    },
  ),
  hresultCall(
    unregisterAsyncNotification,
    () => ({ phNotify: nullHandle }),
    ({ handles }, { phNotify }) => ({ phNotify: handles.close(phNotify, Registered), returnValue: 0 }),
  ),
];
