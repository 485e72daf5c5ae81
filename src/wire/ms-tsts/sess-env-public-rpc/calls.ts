import type { RpcCall } from '../../ndr/call.ts';
import { shadow2 } from './shadow2.ts';

/** The interface's calls, by their opnums. */
export const sessEnvPublicRpcCalls: readonly RpcCall<unknown, unknown>[] = [shadow2];
