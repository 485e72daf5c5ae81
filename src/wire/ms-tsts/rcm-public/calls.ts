import type { RpcCall } from '../../ndr/call.ts';
import { getAllListeners } from './get-all-listeners.ts';
import { getClientData } from './get-client-data.ts';
import { getConfigData } from './get-config-data.ts';
import { getLastInputTime } from './get-last-input-time.ts';
import { getProtocolStatus } from './get-protocol-status.ts';
import { getRemoteAddress } from './get-remote-address.ts';
import { getSessionProtocolLastInputTime } from './get-session-protocol-last-input-time.ts';
import { getUserCertificates } from './get-user-certificates.ts';
import { querySessionData } from './query-session-data.ts';

/** The interface's calls, by their opnums. */
export const rcmPublicCalls: readonly RpcCall<unknown, unknown>[] = [
  getClientData,
  getConfigData,
  getProtocolStatus,
  getLastInputTime,
  getRemoteAddress,
  getAllListeners,
  getSessionProtocolLastInputTime,
  getUserCertificates,
  querySessionData,
];
