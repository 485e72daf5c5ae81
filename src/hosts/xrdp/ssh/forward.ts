import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { UsherError } from '../../../sessions/errors.ts';

/** `SSH_OPEN_ADMINISTRATIVELY_PROHIBITED` of RFC 4254, section 5.1. */
const prohibited = 1;

/** Opens a TCP connection from a jump host. Throws {@link UsherError}, or the reason of the signal. */
export async function forward(via: Client, hostName: string, port: number, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  let abort = (): void => {};
  try {
    return await new Promise<Duplex>((resolve, reject) => {
      abort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      // RFC 4254, section 7.2: where the connection comes from, which is nowhere; OpenSSH's -J says the same.
      via.forwardOut('127.0.0.1', 0, hostName, port, (error, channel) => {
        if (error !== undefined) reject(forwardFailure(error, hostName, port));
        else if (signal.aborted) channel.close();
        else resolve(channel);
      });
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function forwardFailure(cause: Error, hostName: string, port: number): UsherError {
  const isProhibited = 'reason' in cause && cause.reason === prohibited;
  return new UsherError({
    code: 'unreachable',
    message: isProhibited
      ? `the jump host in front of ${hostName} does not let connections through`
      : `the jump host in front of it cannot reach ${hostName} port ${port}`,
    hint: isProhibited ? 'look for AllowTcpForwarding and PermitOpen in its sshd_config' : undefined,
    cause,
  });
}
