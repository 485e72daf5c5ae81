import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import ssh2, { AgentProtocol, type ParsedKey } from 'ssh2';
import { expect, test } from 'vitest';
import { resolveSettings } from './config.ts';
import { chooseKeys } from './key-choice.ts';
import { ecdsaHostKey, ecdsaKey, hostKey, lockedKey, otherHostKey, type TestKey, userKey } from './testing/keys.ts';
import { makeCredential, makeHome } from './testing/surroundings.ts';

const never = new AbortController().signal;

/** An agent on a socket, that holds keys and signs with them. */
async function startAgent(socket: string, keys: readonly TestKey[]): Promise<AsyncDisposable> {
  const held = keys.map((key) => ssh2.utils.parseKey(key.privateKey) as ParsedKey);
  const server = createServer((stream) => {
    const protocol = new AgentProtocol(false);
    stream.on('error', () => {});
    protocol.on('identities', (request) => protocol.getIdentitiesReply(request, held));
    protocol.on('sign', (request, publicKey, data) => {
      const key = held.find((one) => one.getPublicSSH().equals(publicKey.getPublicSSH()));
      if (key === undefined) protocol.failureReply(request);
      else protocol.signReply(request, key.sign(data));
    });
    stream.pipe(protocol).pipe(stream);
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

async function labels(
  held: readonly TestKey[],
  files: Readonly<Record<string, string>>,
  named: readonly string[] = [],
): Promise<{ readonly labels: readonly string[]; readonly withheld: number }> {
  await using home = await makeHome(files);
  const socket = join(home.directory, 'agent');
  await using _agent = await startAgent(socket, held);
  const environment = { ...home.environment, variables: { SSH_AUTH_SOCK: socket } };
  const settings = await resolveSettings({ alias: 'ts01', user: null, port: null }, environment);
  const choice = await chooseKeys(settings, makeCredential({ files: named }), environment, never);
  return {
    labels: choice.keys.map((key) => key.label.replace(`${home.directory}/.ssh/`, '')),
    withheld: choice.withheld,
  };
}

test('a named key that the agent holds is signed for by the agent, and comes first', async () => {
  const files = { '.ssh/config': 'IdentityFile ~/.ssh/mine\n', '.ssh/mine': userKey.privateKey };
  const choice = await labels([ecdsaKey, userKey], files);
  expect(choice.labels).toEqual(['usher-test-user of the agent', 'usher-test-ecdsa of the agent']);
});

test('IdentitiesOnly keeps the agent’s other keys back', async () => {
  const files = {
    '.ssh/config': 'IdentitiesOnly yes\nIdentityFile ~/.ssh/mine.pub\n',
    '.ssh/mine.pub': userKey.publicKey,
  };
  expect((await labels([ecdsaKey, userKey], files)).labels).toEqual(['usher-test-user of the agent']);
});

test('the agent’s keys come before the default files', async () => {
  const { labels: offered } = await labels([ecdsaKey], { '.ssh/id_ed25519': userKey.privateKey });
  expect(offered).toEqual(['usher-test-ecdsa of the agent', 'id_ed25519']);
});

test('many keys of the agent do not push a named one past the limit of sshd', async () => {
  const held = [ecdsaKey, hostKey, otherHostKey, ecdsaHostKey, userKey];
  const files = { '.ssh/named': lockedKey.privateKey };
  const choice = await labels(held, files, ['~/.ssh/named']);
  expect(choice.labels).toHaveLength(5);
  expect(choice.labels[0]).toBe('named');
  expect(choice.withheld).toBe(1);
});

test('an agent that cannot be reached holds no keys', async () => {
  await using home = await makeHome({ '.ssh/id_ed25519': userKey.privateKey });
  const environment = { ...home.environment, variables: { SSH_AUTH_SOCK: join(home.directory, 'nowhere') } };
  const settings = await resolveSettings({ alias: 'ts01', user: null, port: null }, environment);
  const choice = await chooseKeys(settings, makeCredential(), environment, never);
  expect(choice.keys).toHaveLength(1);
});

test('the agent signs', async () => {
  await using home = await makeHome();
  const socket = join(home.directory, 'agent');
  await using _agent = await startAgent(socket, [userKey]);
  const environment = { ...home.environment, variables: { SSH_AUTH_SOCK: socket } };
  const settings = await resolveSettings({ alias: 'ts01', user: null, port: null }, environment);
  const [key] = (await chooseKeys(settings, makeCredential(), environment, never)).keys;
  const data = Buffer.from('session id and request');
  const signature = await key?.sign(data, undefined);
  expect(signature !== undefined && key?.publicKey.verify(data, signature)).toBe(true);
});
