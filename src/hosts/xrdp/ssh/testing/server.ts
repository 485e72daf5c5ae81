import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel, type Session } from 'ssh2';
import { hostKey, type TestKey } from './keys.ts';

export interface TestServerOptions {
  /** The key that it shows; several are offered in this order. */
  readonly hostKeys?: readonly TestKey[];
  readonly userKeys?: readonly TestKey[];
  readonly password?: string;
  /** The method that takes the password. */
  readonly passwordMethod?: 'password' | 'keyboard-interactive';
  /** What keyboard-interactive asks, one request each. */
  readonly prompts?: readonly { readonly prompt: string; readonly echo: boolean }[];
  /** A key and then the password. */
  readonly wantsBoth?: boolean;
  readonly onCommand?: (command: string, channel: ServerChannel) => void;
  /** No channel for commands is opened. */
  readonly refusesSessions?: boolean;
  readonly refusesForwarding?: boolean;
}

/** An SSH server on loopback, within this process. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
  /** What clients tried, in order: `none`, `publickey`, `publickey signed`, `password hunter2`. */
  readonly tried: string[];
  readonly connections: Connection[];
}

export async function startServer(options: TestServerOptions): Promise<TestServer> {
  const tried: string[] = [];
  const connections: Connection[] = [];
  const sockets = new Set<Socket>();
  const hostKeys = (options.hostKeys ?? [hostKey]).map((key) => key.privateKey);
  const server = new ssh2.Server({ hostKeys }, (connection) => {
    connections.push(connection);
    connection.on('error', () => {});
    const state = { keyAccepted: false };
    connection.on('authentication', (attempt) => judge(attempt, options, tried, state));
    connection.on('session', (accept, reject) => {
      if (options.refusesSessions === true) reject();
      else serveSession(accept(), options);
    });
    connection.on('tcpip', (accept, reject, info) => {
      if (options.refusesForwarding === true) return reject();
      const onward = connect({ port: info.destPort, host: info.destIP, noDelay: true });
      onward.once('error', () => reject());
      onward.once('connect', () => {
        const channel = accept();
        channel.on('error', () => {});
        channel.pipe(onward).pipe(channel);
      });
    });
  });
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    server.injectSocket(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: portOf(listener.address()),
    tried,
    connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** A TCP listener that takes connections and does what it is told with them. */
export async function startListener(
  onConnection: (socket: Socket) => void,
): Promise<{ readonly port: number; readonly connected: Promise<void> } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    resolve();
    onConnection(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: portOf(listener.address()),
    connected,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

function judge(
  attempt: AuthContext,
  options: TestServerOptions,
  tried: string[],
  state: { keyAccepted: boolean },
): void {
  const passwordMethod = options.passwordMethod ?? 'password';
  const password = options.password === undefined && options.prompts === undefined ? [] : [passwordMethod];
  const both = options.wantsBoth === true;
  const wanted = both ? (state.keyAccepted ? password : (['publickey'] as const)) : [...keysOf(options), ...password];
  if (attempt.method === 'publickey') {
    tried.push(attempt.signature === undefined ? 'publickey' : 'publickey signed');
    if (!acceptsKey(attempt, options.userKeys ?? [])) return attempt.reject([...wanted]);
    if (attempt.signature !== undefined) state.keyAccepted = true;
    if (attempt.signature !== undefined && both) return attempt.reject([...password], true);
    return attempt.accept();
  }
  if (attempt.method === 'password') {
    tried.push(`password ${attempt.password}`);
    return attempt.password === options.password ? attempt.accept() : attempt.reject([...wanted]);
  }
  tried.push(attempt.method);
  if (attempt.method !== 'keyboard-interactive' || passwordMethod !== attempt.method)
    return attempt.reject([...wanted]);
  const prompts = options.prompts ?? [{ prompt: '(bob@host) Password: ', echo: false }];
  const ask = (index: number): void => {
    const prompt = prompts[index];
    if (prompt === undefined) return attempt.accept();
    attempt.prompt([prompt], '', '', ([answer]) => {
      tried.push(`answer ${answer}`);
      if (answer === options.password) ask(index + 1);
      else attempt.reject([...wanted]);
    });
  };
  ask(0);
}

function keysOf(options: TestServerOptions): readonly ['publickey'] | readonly [] {
  return options.userKeys === undefined ? [] : ['publickey'];
}

function acceptsKey(attempt: ssh2.PublicKeyAuthContext, keys: readonly TestKey[]): boolean {
  return keys.some((known) => {
    const key = ssh2.utils.parseKey(known.publicKey) as ParsedKey;
    if (!key.getPublicSSH().equals(attempt.key.data)) return false;
    if (attempt.signature === undefined || attempt.blob === undefined) return true;
    return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo);
  });
}

function serveSession(session: Session, options: TestServerOptions): void {
  session.on('exec', (accept, reject, { command }) => {
    if (options.onCommand === undefined) return reject();
    const channel = accept();
    channel.on('error', () => {});
    options.onCommand(command, channel);
  });
}
