import type { RpcCall } from '../../ndr/call.ts';
import { closeSession } from './close-session.ts';
import { connect } from './connect.ts';
import { disconnect } from './disconnect.ts';
import { getActivityId } from './get-activity-id.ts';
import { getLoggedOnCount } from './get-logged-on-count.ts';
import { getSessionCounters } from './get-session-counters.ts';
import { getSessionInformation } from './get-session-information.ts';
import { getSessionInformationEx } from './get-session-information-ex.ts';
import { getSessionType } from './get-session-type.ts';
import { getState } from './get-state.ts';
import { getTerminalName } from './get-terminal-name.ts';
import { getTimes } from './get-times.ts';
import { getUserName } from './get-user-name.ts';
import { isSessionDesktopLocked } from './is-session-desktop-locked.ts';
import { logoff } from './logoff.ts';
import { openSession } from './open-session.ts';
import { showMessageBox } from './show-message-box.ts';

/** The interface's calls, by their opnums. */
export const termSrvSessionCalls: readonly RpcCall<unknown, unknown>[] = [
  openSession,
  closeSession,
  connect,
  disconnect,
  logoff,
  getUserName,
  getTerminalName,
  getState,
  isSessionDesktopLocked,
  showMessageBox,
  getTimes,
  getSessionCounters,
  getSessionInformation,
  getLoggedOnCount,
  getSessionType,
  getSessionInformationEx,
  getActivityId,
];
