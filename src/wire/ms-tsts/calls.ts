import type { RpcCall } from '../ndr/call.ts';
import { icaApiCalls } from './ica-api/calls.ts';
import { rcmListenerCalls } from './rcm-listener/calls.ts';
import { rcmPublicCalls } from './rcm-public/calls.ts';
import { sessEnvPublicRpcCalls } from './sess-env-public-rpc/calls.ts';
import { termSrvEnumerationCalls } from './term-srv-enumeration/calls.ts';
import { termSrvNotificationCalls } from './term-srv-notification/calls.ts';
import { termSrvSessionCalls } from './term-srv-session/calls.ts';
import { tsvipPublicCalls } from './tsvip-public/calls.ts';

/** Every call of MS-TSTS that is declared. */
export const tstsCalls: readonly RpcCall<unknown, unknown>[] = [
  ...termSrvSessionCalls,
  ...termSrvNotificationCalls,
  ...termSrvEnumerationCalls,
  ...rcmPublicCalls,
  ...rcmListenerCalls,
  ...icaApiCalls,
  ...sessEnvPublicRpcCalls,
  ...tsvipPublicCalls,
];
