import type { RpcCall } from '../../ndr/call.ts';
import { registerAsyncNotification } from './register-async-notification.ts';
import { unregisterAsyncNotification } from './unregister-async-notification.ts';
import { waitAsyncNotification } from './wait-async-notification.ts';
import { waitForSessionState } from './wait-for-session-state.ts';

/** The interface's calls, by their opnums. */
export const termSrvNotificationCalls: readonly RpcCall<unknown, unknown>[] = [
  waitForSessionState,
  registerAsyncNotification,
  waitAsyncNotification,
  unregisterAsyncNotification,
];
