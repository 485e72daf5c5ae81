import type { RpcCall } from '../../ndr/call.ts';
import { closeServer } from './close-server.ts';
import { closeServerEx } from './close-server-ex.ts';
import { connect } from './connect.ts';
import { disconnect } from './disconnect.ts';
import { enumerate } from './enumerate.ts';
import { getAllProcesses } from './get-all-processes.ts';
import { getAllProcessesNt6 } from './get-all-processes-nt6.ts';
import { getProcessSid } from './get-process-sid.ts';
import { getTermSrvCountersValue } from './get-term-srv-counters-value.ts';
import { icaServerPing } from './ica-server-ping.ts';
import { isHelpAssistantSession } from './is-help-assistant-session.ts';
import { logonIdFromWinStationName } from './logon-id-from-win-station-name.ts';
import { nameFromLogonId } from './name-from-logon-id.ts';
import { openServer } from './open-server.ts';
import { queryInformation } from './query-information.ts';
import { reinitializeSecurity } from './reinitialize-security.ts';
import { reset } from './reset.ts';
import { sendMessage } from './send-message.ts';
import { setInformation } from './set-information.ts';
import { shadow } from './shadow.ts';
import { shadowStop } from './shadow-stop.ts';
import { shutdownSystem } from './shutdown-system.ts';
import { terminateProcess } from './terminate-process.ts';
import { updateSettings } from './update-settings.ts';
import { waitSystemEvent } from './wait-system-event.ts';

/** The interface's calls, by their opnums. */
export const icaApiCalls: readonly RpcCall<unknown, unknown>[] = [
  openServer,
  closeServer,
  icaServerPing,
  enumerate,
  queryInformation,
  setInformation,
  sendMessage,
  logonIdFromWinStationName,
  nameFromLogonId,
  connect,
  disconnect,
  reset,
  shutdownSystem,
  waitSystemEvent,
  shadow,
  terminateProcess,
  getAllProcesses,
  getAllProcessesNt6,
  getProcessSid,
  getTermSrvCountersValue,
  reinitializeSecurity,
  updateSettings,
  shadowStop,
  closeServerEx,
  isHelpAssistantSession,
];
