import type { FaultStatusName } from '../../wire/rpc/status.ts';

/** A call is answered with a fault of RPC. */
export class RpcFault extends Error {
  override readonly name = 'RpcFault';
  readonly status: FaultStatusName;

  constructor(status: FaultStatusName) {
    super(status);
    this.status = status;
  }
}
