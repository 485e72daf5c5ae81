import { UsherError } from '../../sessions/errors.ts';
import type { RpcPipe } from './rpc-pipe.ts';

/** The pipes of a host; null with the reason where a pipe is not there. */
export interface HostPipes {
  /** LSM_API_service: without it there is nothing to read. */
  readonly lsm: RpcPipe;
  /** TermSrv_API_service: not there with Remote Desktop switched off. */
  readonly rcm: RpcPipe | UsherError;
  /** Ctx_WinStation_API_service. */
  readonly ica: RpcPipe | UsherError;
}

/** Throws where it is not there. */
export function pipe(one: RpcPipe | UsherError): RpcPipe {
  if (one instanceof UsherError) throw one;
  return one;
}

/** The failure, where the list goes on without what failed. Only the loss of LSM's pipe, or of the connection, ends it. */
export function survived(error: unknown, { lsm }: HostPipes): UsherError {
  if (!(error instanceof UsherError) || lsm.lost !== null) throw error;
  return error;
}
