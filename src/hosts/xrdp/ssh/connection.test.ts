import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { connectSsh } from './connection.ts';
import { ecdsaHostKey, hostKey, otherHostKey, type TestKey, userKey } from './testing/keys.ts';
import { startListener, startServer, type TestServer, type TestServerOptions } from './testing/server.ts';
import { makeCredential, makeHome, makeHost, type TestHome } from './testing/surroundings.ts';

const never = new AbortController().signal;
const known = (server: TestServer, key: TestKey = hostKey): string => `[127.0.0.1]:${server.port} ${key.publicKey}\n`;

/** A home directory with a key that logs on and the given known_hosts. */
function home(knownHosts: string, config = ''): Promise<TestHome> {
  return makeHome({
    '.ssh/id_ed25519': userKey.privateKey,
    '.ssh/known_hosts': knownHosts,
    '.ssh/config': config,
  });
}

/** `revoked`: what the file that RevokedHostKeys names holds; null: it does not exist; undefined: none is named. */
async function refusal(
  options: TestServerOptions,
  knownHosts: (server: TestServer) => string,
  revoked?: string | null,
): Promise<unknown> {
  await using server = await startServer({ userKeys: [userKey], ...options });
  await using at = await home(knownHosts(server), revoked === undefined ? '' : 'RevokedHostKeys ~/.ssh/revoked\n');
  if (typeof revoked === 'string') await at.write('.ssh/revoked', revoked);
  const error: unknown = await connectSsh(
    makeHost('127.0.0.1', server.port),
    makeCredential(),
    at.environment,
    never,
  ).catch((thrown: unknown) => thrown);
  expect(server.tried).toEqual([]);
  return error;
}

test('an unknown host key is refused before anybody is logged on, with its fingerprint', async () => {
  expect(await refusal({}, () => '')).toMatchObject({
    code: 'host_key_unknown',
    host: 'ts01',
    message: `its ED25519 key ${hostKey.fingerprint} is not in known_hosts`,
    hint: expect.stringContaining('usher hosts add') as string,
  });
});

test('a changed host key is refused with both fingerprints and the line of the old one', async () => {
  const error = await refusal({}, (server) => `# one line\n${known(server, otherHostKey)}`);
  expect(error).toMatchObject({
    code: 'host_key_changed',
    message: expect.stringMatching(
      new RegExp(
        `${hostKey.fingerprint} is not the one that is known, ${otherHostKey.fingerprint} .*known_hosts:2`.replaceAll(
          '+',
          '[+]',
        ),
      ),
    ) as string,
    hint: expect.stringMatching(/ssh-keygen -f '.*known_hosts' -R '\[127\.0\.0\.1\]:\d+'$/) as string,
  });
});

test('a revoked host key is refused', async () => {
  const error = await refusal({}, (server) => `${known(server)}@revoked * ${hostKey.publicKey}\n`);
  expect(error).toMatchObject({
    code: 'host_key_changed',
    message: expect.stringContaining('is revoked') as string,
  });
});

test('a host key that is on the list of RevokedHostKeys is refused, also where known_hosts knows it', async () => {
  const error = await refusal({}, known, `# theft of June\n\n${otherHostKey.publicKey}\n${hostKey.publicKey} gone\n`);
  expect(error).toMatchObject({
    code: 'host_key_changed',
    message: expect.stringMatching(/is revoked \(.*\.ssh\/revoked:4\)$/) as string,
  });
});

test('a list of RevokedHostKeys that is not understood in full, or not there, refuses every host', async () => {
  const notAKey = await refusal({}, known, `${otherHostKey.publicKey}\nts01 ${hostKey.publicKey}\n`);
  expect(notAKey).toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(/\.ssh\/revoked, which .* holds no public key in line 2$/) as string,
  });
  expect(await refusal({}, known, 'SSHKRL\n\0\0\0\0\x01')).toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/\.ssh\/revoked, .* is a key revocation list \(KRL\)$/) as string,
  });
  expect(await refusal({}, known, null)).toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(/\.ssh\/revoked, .* cannot be read$/) as string,
  });
});

test('a list of RevokedHostKeys without the key of the host changes nothing', async () => {
  await using server = await startServer({ userKeys: [userKey] });
  await using at = await home(known(server), 'RevokedHostKeys ~/.ssh/revoked\n');
  await at.write('.ssh/revoked', `${otherHostKey.publicKey}\n`);
  const host = makeHost('127.0.0.1', server.port);
  await using transport = await connectSsh(host, makeCredential(), at.environment, never);
  expect(transport.user).toBe('bob');
});

test('a host is asked for a key of a type that is known of it', async () => {
  await using server = await startServer({ userKeys: [userKey], hostKeys: [hostKey, ecdsaHostKey] });
  await using at = await home(known(server, ecdsaHostKey));
  const host = makeHost('127.0.0.1', server.port);
  await using transport = await connectSsh(host, makeCredential(), at.environment, never);
  expect(transport.user).toBe('bob');
});

test('a host of which only another type is known is refused, and told so', async () => {
  const error = await refusal({}, (server) => known(server, ecdsaHostKey));
  expect(error).toMatchObject({
    code: 'host_key_unknown',
    message: expect.stringContaining('only a key of type ECDSA is') as string,
  });
});

test('the user is what the URL says, else the credential, else the configuration, else this account', async () => {
  await using server = await startServer({ userKeys: [userKey] });
  await using at = await home(known(server), '');
  const user = async (inUrl: string | null, given: string | undefined, config: string): Promise<string | null> => {
    await at.write('.ssh/config', config);
    const credential = makeCredential(given === undefined ? {} : { user: given });
    const host = makeHost('127.0.0.1', server.port, inUrl);
    await using transport = await connectSsh(host, credential, at.environment, never);
    return transport.user;
  };
  expect(await user('url', 'credential', 'User config\n')).toBe('url');
  expect(await user(null, 'credential', 'User config\n')).toBe('credential');
  expect(await user(null, undefined, 'User config\n')).toBe('config');
  expect(await user(null, undefined, '')).toBe('anna');
});

test('a port where nothing listens is unreachable', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  closed.close();
  await once(closed, 'close');
  await using at = await home('');
  await expect(connectSsh(makeHost('127.0.0.1', port), makeCredential(), at.environment, never)).rejects.toMatchObject({
    code: 'unreachable',
    message: `nothing listens at 127.0.0.1 port ${port}`,
    host: 'ts01',
    operation: 'connecting over SSH',
  });
});

test('what hangs up or speaks no SSH is told apart from a host that refuses', async () => {
  await using at = await home('');
  const attempt = async (onConnection: Parameters<typeof startListener>[0]): Promise<unknown> => {
    await using listener = await startListener(onConnection);
    return await connectSsh(makeHost('127.0.0.1', listener.port), makeCredential(), at.environment, never).catch(
      (thrown: unknown) => thrown,
    );
  };
  expect(await attempt((socket) => socket.end())).toMatchObject({ code: 'connection_lost' });
  expect(await attempt((socket) => socket.once('data', () => socket.resetAndDestroy()))).toMatchObject({
    code: 'connection_lost',
  });
  expect(await attempt((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))).toMatchObject({ code: 'connection_lost' });
  const other = await attempt((socket) => socket.write('220 mail.example ESMTP\r\n'.repeat(2000)));
  expect(other).toMatchObject({ code: 'bad_answer', message: expect.stringContaining('does not speak SSH') as string });
  const wrong = await attempt((socket) => socket.write('SSH-1.5-old\r\n'));
  expect(wrong).toMatchObject({ code: 'bad_answer' });
});

test('a host that stalls is given up when the signal aborts', async () => {
  await using at = await home('');
  await using listener = await startListener(() => {});
  const controller = new AbortController();
  const host = makeHost('127.0.0.1', listener.port);
  const attempt = connectSsh(host, makeCredential(), at.environment, controller.signal);
  await listener.connected;
  controller.abort(new DOMException('too slow', 'TimeoutError'));
  await expect(attempt).rejects.toMatchObject({ code: 'timeout', message: 'no answer in time', host: 'ts01' });
  const reason = new Error('the user pressed Ctrl-C');
  await expect(connectSsh(host, makeCredential(), at.environment, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('a host that stalls is given up after ConnectTimeout', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    await using at = await home('', 'ConnectTimeout 7\n');
    await using listener = await startListener(() => {});
    const attempt = connectSsh(makeHost('127.0.0.1', listener.port), makeCredential(), at.environment, never);
    const refused = attempt.catch((thrown: unknown) => thrown);
    await listener.connected;
    await vi.advanceTimersByTimeAsync(7000);
    expect(await refused).toMatchObject({
      code: 'timeout',
      message: `127.0.0.1 port ${listener.port} did not answer in time`,
    });
  } finally {
    vi.useRealTimers();
  }
});

test('a host that falls silent after the logon is noticed by ServerAliveInterval × ServerAliveCountMax', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    await using server = await startServer({ userKeys: [userKey] });
    const onward = connect(server.port, '127.0.0.1');
    await using relay = await startListener((socket) => void socket.pipe(onward).pipe(socket));
    await using at = await home(
      `[127.0.0.1]:${relay.port} ${hostKey.publicKey}\n`,
      'ServerAliveInterval 5\nServerAliveCountMax 2\n',
    );
    await using transport = await connectSsh(
      makeHost('127.0.0.1', relay.port),
      makeCredential(),
      at.environment,
      never,
    );
    onward.unpipe();
    onward.resume();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await transport.closed).toMatchObject({ code: 'connection_lost', cause: { message: 'Keepalive timeout' } });
  } finally {
    vi.useRealTimers();
  }
});

test('a host that hangs up during the logon is connection_lost', async () => {
  await using server = await startServer({ userKeys: [userKey], password: 'hunter2' });
  await using at = await makeHome({ '.ssh/known_hosts': known(server) });
  const credential = {
    ...makeCredential(),
    password: () => {
      server.connections[0]?.end();
      return new Promise<null>(() => {});
    },
  };
  await expect(connectSsh(makeHost('127.0.0.1', server.port), credential, at.environment, never)).rejects.toMatchObject(
    {
      code: 'connection_lost',
      message: 'the host hung up during the logon',
    },
  );
});

test('a jump host is logged on to by itself, and carries the connection', async () => {
  await using gate = await startServer({ userKeys: [userKey] });
  await using server = await startServer({ hostKeys: [otherHostKey], password: 'hunter2', onCommand: sayAndExit });
  await using at = await home(
    known(gate) + known(server, otherHostKey),
    `Host gate\n  HostName 127.0.0.1\n  Port ${gate.port}\n  User keeper\nHost 127.0.0.1\n  ProxyJump gate\n`,
  );
  const credential = makeCredential({ password: 'hunter2' });
  await using transport = await connectSsh(makeHost('127.0.0.1', server.port), credential, at.environment, never);
  using command = await transport.start('hostname', never);
  expect(await command.exited).toBe(0);
  expect(gate.tried).not.toContain('password hunter2');
  expect(server.tried).toContain('password hunter2');
  gate.connections[0]?.end();
  expect(await transport.closed).toMatchObject({ code: 'connection_lost', host: 'ts01' });
});

test('a jump host that refuses, or has another key, is named', async () => {
  await using gate = await startServer({ userKeys: [userKey], password: 'hunter2', refusesForwarding: true });
  const config = `Host gate\n  HostName 127.0.0.1\n  Port ${gate.port}\nHost 10.0.0.1\n  ProxyJump gate\n`;
  const attempt = async (knownHosts: string, key: boolean): Promise<unknown> => {
    await using at = await makeHome({
      '.ssh/config': config,
      '.ssh/known_hosts': knownHosts,
      ...(key ? { '.ssh/id_ed25519': userKey.privateKey } : {}),
    });
    const credential = makeCredential({ password: 'hunter2' });
    return await connectSsh(makeHost('10.0.0.1', null), credential, at.environment, never).catch(
      (thrown: unknown) => thrown,
    );
  };
  expect(await attempt('', true)).toMatchObject({
    code: 'host_key_unknown',
    host: 'ts01',
    message: expect.stringMatching(/^jump host gate: its ED25519 key/) as string,
  });
  expect(await attempt(known(gate), false)).toMatchObject({
    code: 'no_credential',
    message: expect.stringMatching(/^jump host gate: no key/) as string,
  });
  expect(await attempt(known(gate), true)).toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('jump host in front of') as string,
  });
});

test('a jump host that its own ProxyJump covers is reached directly', async () => {
  await using server = await startServer({ userKeys: [userKey] });
  const config = `Host *\n  HostName 127.0.0.1\n  Port ${server.port}\n  ProxyJump gate\n`;
  await using at = await home(known(server), config);
  await using transport = await connectSsh(makeHost('gate', null), makeCredential(), at.environment, never);
  expect(transport.user).toBe('bob');
  await using further = await connectSsh(makeHost('ts01', null), makeCredential(), at.environment, never);
  expect(further.user).toBe('bob');
});

function sayAndExit(command: string, channel: Parameters<NonNullable<TestServerOptions['onCommand']>>[1]): void {
  channel.write(`ran ${command}`);
  channel.exit(0);
  channel.end();
}
