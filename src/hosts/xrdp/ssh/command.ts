import type { Client, ClientChannel } from 'ssh2';
import { UsherError } from '../../../sessions/errors.ts';
import type { RunningCommand } from '../transport.ts';

/**
 * Starts a command in a channel of its own. The signal ends the wait for the start; a command that runs is ended by
 * its disposal. Throws {@link UsherError}, or the reason of the signal.
 */
export async function startCommand(client: Client, command: string, signal: AbortSignal): Promise<RunningCommand> {
  signal.throwIfAborted();
  let abort = (): void => {};
  try {
    return await new Promise<RunningCommand>((resolve, reject) => {
      abort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      try {
        client.exec(command, (error, channel) => {
          if (error !== undefined) reject(startFailure(error));
          else if (signal.aborted) channel.close();
          else resolve(runningCommand(client, channel));
        });
      } catch (error) {
        reject(new UsherError({ code: 'connection_lost', message: 'the SSH connection has ended', cause: error }));
      }
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function runningCommand(client: Client, channel: ClientChannel): RunningCommand {
  // Writing to a command that has ended is an event that without a listener would end this process.
  channel.on('error', () => {});
  channel.stderr.on('error', () => {});
  const { promise: exited, resolve } = Promise.withResolvers<number | null>();
  const end = (code: number | null): void => {
    client.off('close', lose);
    resolve(code);
  };
  const lose = (): void => end(null);
  channel.once('exit', end);
  // A channel closes when its output has been read, a lost connection ends the command before.
  channel.once('close', lose);
  client.once('close', lose);
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    exited,
    [Symbol.dispose]() {
      end(null);
      // sshd passes it on since OpenSSH 7.9, though not for root: there a command must notice its closed pipes.
      channel.signal('TERM');
      channel.close();
      endOfStream(channel);
    },
  };
}

/** Ends what is read here without waiting for the host to agree to the end of the channel. */
function endOfStream(channel: ClientChannel): void {
  if (channel.readable) channel.push(null);
  if (channel.stderr.readable) channel.stderr.push(null);
}

/** RFC 4254, section 5.1: the reason of a channel's failure to open is a number; ssh2 has none for a refused exec. */
function startFailure(error: Error): UsherError {
  const reason = 'reason' in error ? error.reason : undefined;
  if (typeof reason === 'number') {
    return new UsherError({
      code: 'access_denied',
      message: 'the host opens no more channels for commands',
      hint: 'sshd allows as many per connection as MaxSessions says, 10 by default',
      cause: error,
    });
  }
  if (error.message === 'Unable to exec') {
    return new UsherError({
      code: 'access_denied',
      message: 'the host runs no commands for this account',
      hint: 'look for a restricted shell or a ForceCommand in sshd_config',
      cause: error,
    });
  }
  return new UsherError({ code: 'connection_lost', message: 'the SSH connection has ended', cause: error });
}
