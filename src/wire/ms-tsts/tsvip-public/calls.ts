import type { RpcCall } from '../../ndr/call.ts';
import { getSessionIp } from './get-session-ip.ts';

/** The interface's calls, by their opnums. */
export const tsvipPublicCalls: readonly RpcCall<unknown, unknown>[] = [getSessionIp];
