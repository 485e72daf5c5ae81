import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import ssh2, { AgentProtocol, type ParsedKey } from 'ssh2';
import { expect, test } from 'vitest';
import { readAgentKeys } from './agent-keys.ts';
import { connectSsh } from './connection.ts';
import { hostKey, userKey } from './testing/keys.ts';
import { startServer } from './testing/server.ts';
import { makeCredential, makeHome, makeHost, type TestHome } from './testing/surroundings.ts';

const reason = new Error('the user pressed Ctrl-C');

interface SilentAgent extends AsyncDisposable {
  readonly socket: string;
  /** Settles when the agent has been asked what it does not answer. */
  readonly asked: Promise<void>;
  /** Settles when nobody is connected to it any more. */
  readonly left: () => Promise<void>;
}

/** An agent that takes connections and says nothing, or only which key it holds. */
async function silentAgent(home: TestHome, tellsKeys = false): Promise<SilentAgent> {
  const socket = join(home.directory, 'agent');
  const open = new Map<Socket, Promise<unknown>>();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const server = createServer((stream) => {
    open.set(stream, once(stream, 'close'));
    stream.on('error', () => {});
    const protocol = new AgentProtocol(false);
    protocol.on('identities', (request) => {
      if (tellsKeys) protocol.getIdentitiesReply(request, [ssh2.utils.parseKey(userKey.privateKey) as ParsedKey]);
      else resolve();
    });
    protocol.on('sign', () => resolve());
    stream.pipe(protocol).pipe(stream);
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    socket,
    asked,
    left: async () => void (await Promise.all(open.values())),
    async [Symbol.asyncDispose]() {
      for (const stream of open.keys()) stream.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test('an agent that says nothing is left when the signal aborts', async () => {
  await using home = await makeHome();
  await using agent = await silentAgent(home);
  const controller = new AbortController();
  const reading = readAgentKeys(agent.socket, controller.signal);
  await agent.asked;
  controller.abort(reason);
  await expect(reading).rejects.toBe(reason);
  await agent.left();
});

test('an agent that never signs is left when the signal aborts', async () => {
  await using home = await makeHome();
  await using agent = await silentAgent(home, true);
  const controller = new AbortController();
  const [key] = await readAgentKeys(agent.socket, controller.signal);
  const signing = key?.sign(Buffer.from('session id and request'), undefined);
  await agent.asked;
  controller.abort(reason);
  await expect(signing).rejects.toBe(reason);
  await agent.left();
});

test('after an abort no agent is asked', async () => {
  await using home = await makeHome();
  await using agent = await silentAgent(home);
  await expect(readAgentKeys(agent.socket, AbortSignal.abort(reason))).rejects.toBe(reason);
  await agent.left();
});

test.each([false, true])(
  'a logon that ends leaves an agent that keeps silent (told its keys: %s)',
  async (tellsKeys) => {
    await using server = await startServer({ userKeys: [userKey] });
    await using home = await makeHome({ '.ssh/known_hosts': `[127.0.0.1]:${server.port} ${hostKey.publicKey}\n` });
    await using agent = await silentAgent(home, tellsKeys);
    const environment = { ...home.environment, variables: { SSH_AUTH_SOCK: agent.socket } };
    const controller = new AbortController();
    const host = makeHost('127.0.0.1', server.port);
    const aborted = connectSsh(host, makeCredential(), environment, controller.signal);
    await agent.asked;
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await agent.left();
  },
);

test('a host that hangs up while the agent keeps silent leaves the agent alone', async () => {
  await using server = await startServer({ userKeys: [userKey] });
  await using home = await makeHome({ '.ssh/known_hosts': `[127.0.0.1]:${server.port} ${hostKey.publicKey}\n` });
  await using agent = await silentAgent(home);
  const environment = { ...home.environment, variables: { SSH_AUTH_SOCK: agent.socket } };
  const never = new AbortController().signal;
  const lost = connectSsh(makeHost('127.0.0.1', server.port), makeCredential(), environment, never);
  void agent.asked.then(() => server.connections[0]?.end());
  await expect(lost).rejects.toMatchObject({ code: 'connection_lost' });
  await agent.left();
});
