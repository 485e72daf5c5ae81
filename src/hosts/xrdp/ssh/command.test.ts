import { once } from 'node:events';
import type { ServerChannel } from 'ssh2';
import { expect, test } from 'vitest';
import { connectSsh } from './connection.ts';
import { hostKey, userKey } from './testing/keys.ts';
import { startServer, type TestServer, type TestServerOptions } from './testing/server.ts';
import { makeCredential, makeHome, makeHost } from './testing/surroundings.ts';
import type { Transport } from '../transport.ts';

const never = new AbortController().signal;

/** Logs on to a server, and gives the connection to the test. */
async function connected(
  options: TestServerOptions,
  use: (transport: Transport, server: TestServer) => Promise<void>,
): Promise<void> {
  await using server = await startServer({ userKeys: [userKey], ...options });
  await using home = await makeHome({
    '.ssh/id_ed25519': userKey.privateKey,
    '.ssh/known_hosts': `[127.0.0.1]:${server.port} ${hostKey.publicKey}\n`,
  });
  const host = makeHost('127.0.0.1', server.port);
  await using transport = await connectSsh(host, makeCredential(), home.environment, never);
  await use(transport, server);
}

const text = async (stream: NodeJS.ReadableStream): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

test('a command has its input, its two outputs and its exit code', async () => {
  const onCommand = (command: string, channel: ServerChannel): void => {
    channel.stderr.write(`warned ${command}`);
    channel.on('data', (data: Buffer) => channel.write(data.toString().toUpperCase()));
    channel.on('end', () => {
      channel.exit(3);
      channel.end();
    });
  };
  await connected({ onCommand }, async (transport) => {
    using command = await transport.start('shout', never);
    command.stdin.end('hello');
    expect(await Promise.all([text(command.stdout), text(command.stderr)])).toEqual(['HELLO', 'warned shout']);
    expect(await command.exited).toBe(3);
  });
});

test('a command that a signal ended has no exit code', async () => {
  const onCommand = (_command: string, channel: ServerChannel): void => {
    channel.exit('KILL', false, '');
    channel.end();
  };
  await connected({ onCommand }, async (transport) => {
    using command = await transport.start('sleep 100', never);
    expect(await command.exited).toBe(null);
  });
});

test('several commands run on one connection', async () => {
  const onCommand = (command: string, channel: ServerChannel): void => {
    channel.write(command);
    channel.exit(0);
    channel.end();
  };
  await connected({ onCommand }, async (transport, server) => {
    const said = await Promise.all(
      ['one', 'two', 'three'].map(async (word) => {
        using command = await transport.start(word, never);
        return await text(command.stdout);
      }),
    );
    expect(said).toEqual(['one', 'two', 'three']);
    expect(server.connections).toHaveLength(1);
  });
});

test('a command that is disposed of ends here at once, even where the host takes no notice', async () => {
  const { promise: channelOpened, resolve } = Promise.withResolvers<ServerChannel>();
  await connected({ onCommand: (_command, channel) => resolve(channel) }, async (transport) => {
    const command = await transport.start('sleep infinity', never);
    const channel = await channelOpened;
    channel.close = () => {};
    command[Symbol.dispose]();
    expect(await command.exited).toBe(null);
    expect(await text(command.stdout)).toBe('');
    channel.write('too late');
  });
});

test('writing to a command that has ended harms nobody', async () => {
  const onCommand = (_command: string, channel: ServerChannel): void => {
    channel.exit(0);
    channel.end();
    channel.close();
  };
  await connected({ onCommand }, async (transport) => {
    using command = await transport.start('true', never);
    expect(await text(command.stdout)).toBe('');
    command.stdin.write('anybody there?');
    expect(await command.exited).toBe(0);
  });
});

test('a refused channel and a refused command are told apart', async () => {
  await connected({ refusesSessions: true }, async (transport) => {
    await expect(transport.start('true', never)).rejects.toMatchObject({
      code: 'access_denied',
      host: 'ts01',
      operation: 'starting a command',
      hint: expect.stringContaining('MaxSessions') as string,
    });
  });
  await connected({}, async (transport) => {
    await expect(transport.start('true', never)).rejects.toMatchObject({
      code: 'access_denied',
      message: 'the host runs no commands for this account',
    });
  });
});

test('a lost connection ends the command, settles closed, and starts no more', async () => {
  await connected({ onCommand: () => {} }, async (transport, server) => {
    using command = await transport.start('sleep 100', never);
    command.stdout.resume();
    server.connections[0]?.end();
    expect(await transport.closed).toMatchObject({ code: 'connection_lost', host: 'ts01' });
    expect(await command.exited).toBe(null);
    await expect(transport.start('true', never)).rejects.toMatchObject({ code: 'connection_lost', host: 'ts01' });
  });
});

test('a connection that is lost while nobody reads the output ends the command too', async () => {
  const { promise: written, resolve } = Promise.withResolvers<void>();
  const onCommand = (_command: string, channel: ServerChannel): void => {
    channel.write('output that waits', () => resolve());
  };
  await connected({ onCommand }, async (transport, server) => {
    using command = await transport.start('talk', never);
    await written;
    await once(command.stdout, 'readable');
    server.connections[0]?.end();
    await transport.closed;
    expect(await command.exited).toBe(null);
  });
});

test('a connection that is closed on purpose settles closed with null', async () => {
  await connected({}, async (transport) => {
    await transport[Symbol.asyncDispose]();
    expect(await transport.closed).toBe(null);
    await expect(transport.start('true', never)).rejects.toMatchObject({ code: 'connection_lost' });
  });
});

test('the wait for a channel ends with the signal', async () => {
  await connected({ onCommand: () => {} }, async (transport) => {
    const controller = new AbortController();
    const start = transport.start('true', controller.signal);
    controller.abort(new DOMException('too slow', 'TimeoutError'));
    await expect(start).rejects.toMatchObject({ code: 'timeout', operation: 'starting a command' });
  });
});
