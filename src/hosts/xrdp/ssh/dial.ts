import { connect, type Socket } from 'node:net';
import { UsherError } from '../../../sessions/errors.ts';

/** Opens a TCP connection without Nagle's delay. Throws {@link UsherError}, or the reason of the signal. */
export async function dial(hostName: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connect({ host: hostName, port, noDelay: true, keepAlive: true });
  const abort = (): void => {
    socket.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return socket;
  } catch (error) {
    signal.throwIfAborted();
    throw dialFailure(error, hostName, port);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function dialFailure(cause: unknown, hostName: string, port: number): UsherError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ETIMEDOUT') {
    return new UsherError({ code: 'timeout', message: `${hostName} port ${port} did not answer`, cause });
  }
  const hint = code === 'ECONNREFUSED' ? 'check the port, and that sshd runs there' : undefined;
  return new UsherError({ code: 'unreachable', message: dialMessage(code, hostName, port), hint, cause });
}

function dialMessage(code: string, hostName: string, port: number): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return `the name ${hostName} cannot be resolved`;
    case 'ECONNREFUSED':
      return `nothing listens at ${hostName} port ${port}`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${hostName}`;
    default:
      return `${hostName} port ${port} cannot be reached`;
  }
}
