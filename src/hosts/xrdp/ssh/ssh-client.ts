import type { Duplex } from 'node:stream';
import { type AuthHandlerMiddleware, Client, type ServerHostKeyAlgorithm } from 'ssh2';
import { UsherError } from '../../../sessions/errors.ts';
import type { LogonConnection } from './authentication.ts';
import type { SshSettings } from './config.ts';
import { expiredPassword, tooManyAttempts } from './logon-failure.ts';

export interface ClientOptions {
  /** The way to the host, connected. Destroyed when this fails. */
  readonly stream: Duplex;
  readonly settings: SshSettings;
  /** The key types that are known of the host. */
  readonly knownTypes: ReadonlySet<string>;
  /** Why the host's key is refused, null where it is not. */
  readonly refuseKey: (key: Buffer) => UsherError | null;
  readonly authenticate: (connection: LogonConnection) => AuthHandlerMiddleware;
  readonly onHandshake?: () => void;
  /** `handshake`: the host has proved that the key is its own. `ready`: logged on. */
  readonly until: 'handshake' | 'ready';
}

/** Without `ssh-rsa`, whose signatures are SHA-1, and DSA: as OpenSSH since 8.8. */
const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** Speaks SSH over a stream. Throws {@link UsherError}, or the reason of the signal. */
export async function startClient(options: ClientOptions, signal: AbortSignal): Promise<Client> {
  const { stream, settings, until } = options;
  signal.throwIfAborted();
  const client = new Client();
  let open = true;
  let loggingOn = false;
  let refusal: UsherError | null = null;
  let abort = (): void => {};
  // Every command that runs listens for the end of the connection.
  client.setMaxListeners(0);
  // An error without a listener would end the process, also long after this function is done.
  client.on('error', () => {});
  stream.on('error', () => {});
  const done = new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      open = false;
      reject(error);
    };
    client.on('error', (error) => {
      // A key that could not sign is no end: the next one is tried.
      if (error.level !== 'agent') fail(refusal ?? protocolFailure(error, loggingOn));
    });
    client.once('close', () => fail(refusal ?? hungUp(loggingOn)));
    client.once('handshake', () => {
      loggingOn = true;
      options.onHandshake?.();
      if (until === 'handshake') resolve();
    });
    client.once('change password', () => fail(expiredPassword(settings.user, settings.alias)));
    client.once('ready', () => resolve());
    abort = () => fail(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    client.connect({
      sock: stream,
      username: settings.user,
      readyTimeout: 0,
      keepaliveInterval: settings.keepAliveInterval,
      keepaliveCountMax: settings.keepAliveCount,
      algorithms: { serverHostKey: preferKnown(options.knownTypes) },
      hostVerifier: (key: Buffer) => {
        refusal = options.refuseKey(key);
        return refusal === null;
      },
      authHandler: options.authenticate({ isOpen: () => open, fail }),
    });
  });
  try {
    await done;
    return client;
  } catch (error) {
    client.destroy();
    stream.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Asks for a key of a type that is known first: another one could not be judged. */
function preferKnown(knownTypes: ReadonlySet<string>): ServerHostKeyAlgorithm[] {
  const isKnown = (name: string): boolean => knownTypes.has(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name);
  return [...hostKeyAlgorithms.filter(isKnown), ...hostKeyAlgorithms.filter((name) => !isKnown(name))];
}

function protocolFailure(error: Error & { level?: string }, loggingOn: boolean): UsherError {
  if (/too many authentication failures/i.test(error.message)) return tooManyAttempts(error);
  if (/no matching/.test(error.message)) {
    return new UsherError({
      code: 'unsupported',
      message: `the host and Usher have no way to encrypt or sign in common`,
      hint: 'update the SSH server; Usher takes no SHA-1 signatures of host keys',
      cause: error,
    });
  }
  if (loggingOn || error.level === 'client-socket') return hungUp(loggingOn, error);
  if (/lost before handshake/i.test(error.message)) return hungUp(false, error);
  return new UsherError({
    code: 'bad_answer',
    message: 'what answers there does not speak SSH as it should',
    cause: error,
  });
}

function hungUp(loggingOn: boolean, cause?: Error): UsherError {
  return new UsherError({
    code: 'connection_lost',
    message: `the host hung up during the ${loggingOn ? 'logon' : 'SSH handshake'}`,
    hint: loggingOn ? undefined : 'it may have too many connections (MaxStartups) or refuse this address',
    cause,
  });
}
