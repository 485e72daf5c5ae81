import { UsherError } from '../../../sessions/errors.ts';
import type { RpcInterface } from '../../../wire/ndr/call.ts';
import type { OpenPipe, RpcPipe } from '../rpc-pipe.ts';

/** A pipe that is open only while it is needed, and what its absence means. */
export interface LazyPipe {
  readonly open: OpenPipe;
  readonly interface: RpcInterface;
  /** Told where the host has no such pipe. */
  readonly absent: { readonly message: string; readonly hint: string };
}

/** Opens the pipe, works and closes it again, whatever came of it. Throws `UsherError`. */
export async function withPipe<T>(lazy: LazyPipe, work: (pipe: RpcPipe) => Promise<T>): Promise<T> {
  const pipe = await opened(lazy);
  try {
    return await work(pipe);
  } finally {
    await pipe.close();
  }
}

async function opened({ open, interface: wanted, absent }: LazyPipe): Promise<RpcPipe> {
  try {
    return await open(wanted);
  } catch (error) {
    if (!(error instanceof UsherError) || error.code !== 'unsupported') throw error;
    throw new UsherError({ code: error.code, ...absent, cause: error });
  }
}
