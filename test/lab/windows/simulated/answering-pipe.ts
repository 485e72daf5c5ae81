import { RpcServer } from '../../../../src/wire/rpc/server/server.ts';
import type { RpcServerParameters } from '../../../../src/wire/rpc/server/parameters.ts';
import type { Pipe, PipeClient } from '../../../../src/wire/smb/server/pipe.ts';
import type { Answered } from './calls.ts';

/** A pipe that speaks RPC and answers these calls at once, and any other with a fault. */
export function answeringPipe(
  client: PipeClient,
  calls: readonly Answered[],
  acceptor: RpcServerParameters['acceptor'],
): Pipe {
  const interfaces = calls.map(({ call }) => call.interface);
  const rpc = new RpcServer({
    interfaces: interfaces.filter(({ uuid }, at) => interfaces.findIndex((one) => one.uuid === uuid) === at),
    acceptor,
    associationGroupId: 0x1234,
    secondaryAddress: `\\PIPE\\${interfaces[0]?.pipe ?? ''}`,
  });
  const pump = (): void => {
    const { send, events } = rpc.take();
    for (const pdu of send) client.send(pdu);
    for (const event of events) {
      if (event.kind === 'closed') client.end();
      if (event.kind !== 'called') continue;
      const known = calls.find(
        ({ call }) => call.interface.uuid === event.interface.uuid && call.opnum === event.opnum,
      );
      if (known === undefined) rpc.fault(event.call, 'nca_s_op_rng_error');
      else rpc.respond(event.call, known.answer(event.stub));
    }
    if (events.length > 0) pump();
  };
  return {
    receive(message) {
      rpc.receive(message);
      pump();
    },
    end: () => rpc.end(),
  };
}
