import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { UsherError } from '../../sessions/errors.ts';

/** A port of a host. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Opens a stream of bytes to a host. Throws `UsherError` `unreachable`, and `timeout` where it is aborted before it is open. */
export type Dial = (endpoint: Endpoint, signal: AbortSignal) => Promise<Duplex>;

/** By TCP. */
export const dialTcp: Dial = ({ address, port }, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const abort = (): void => {
      socket.destroy();
      reject(new UsherError({ code: 'timeout', message: `nothing answers on port ${port}` }));
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    const fail = (cause: Error): void => {
      signal.removeEventListener('abort', abort);
      reject(new UsherError({ code: 'unreachable', message: `port ${port} cannot be reached`, cause }));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.removeListener('error', fail);
      resolve(socket);
    });
  });
