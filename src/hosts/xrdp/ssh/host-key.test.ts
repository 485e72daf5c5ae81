import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectSsh } from './connection.ts';
import { acceptHostKey, readHostKey } from './host-key.ts';
import { appendKnownHost } from './known-hosts-file.ts';
import { ecdsaHostKey, hostKey, otherHostKey, userKey } from './testing/keys.ts';
import { startServer } from './testing/server.ts';
import { makeCredential, makeHome, makeHost } from './testing/surroundings.ts';

const never = new AbortController().signal;

test('a host key is read without a logon, accepted, and then known', async () => {
  await using server = await startServer({ userKeys: [userKey] });
  await using home = await makeHome();
  const host = makeHost('127.0.0.1', server.port);
  const key = await readHostKey(host, makeCredential(), home.environment, never);
  expect(key).toEqual({
    type: 'ED25519',
    fingerprint: hostKey.fingerprint,
    line: `[127.0.0.1]:${server.port} ${hostKey.publicKey}`,
    file: join(home.directory, '.ssh/known_hosts'),
    verdict: { kind: 'unknown', otherTypes: [] },
  });
  expect(server.tried).toEqual([]);
  await acceptHostKey(key);
  await home.write('.ssh/id_ed25519', userKey.privateKey);
  await using transport = await connectSsh(host, makeCredential(), home.environment, never);
  expect(transport.user).toBe('bob');
});

test('a key that is known, or another than the known one, is told apart', async () => {
  await using server = await startServer({ hostKeys: [hostKey, ecdsaHostKey] });
  await using home = await makeHome();
  const verdict = async (knownHosts: string): Promise<string> => {
    await home.write('.ssh/known_hosts', `[127.0.0.1]:${server.port} ${knownHosts}\n`);
    const host = makeHost('127.0.0.1', server.port);
    return (await readHostKey(host, makeCredential(), home.environment, never)).verdict.kind;
  };
  expect(await verdict(ecdsaHostKey.publicKey)).toBe('known');
  expect(await verdict(otherHostKey.publicKey)).toBe('changed');
});

test('a key that RevokedHostKeys lists is told as revoked before anybody accepts it', async () => {
  await using server = await startServer({});
  await using home = await makeHome({
    '.ssh/config': 'RevokedHostKeys ~/.ssh/revoked\n',
    '.ssh/revoked': `${hostKey.publicKey}\n`,
  });
  const key = await readHostKey(makeHost('127.0.0.1', server.port), makeCredential(), home.environment, never);
  expect(key.verdict).toMatchObject({ kind: 'revoked', line: 1 });
});

test('behind a jump host whose own key is unknown, no key is read', async () => {
  await using gate = await startServer({ userKeys: [userKey] });
  const config = `Host gate\n  HostName 127.0.0.1\n  Port ${gate.port}\nHost 10.0.0.1\n  ProxyJump gate\n`;
  await using home = await makeHome({ '.ssh/config': config });
  const host = makeHost('10.0.0.1', null);
  await expect(readHostKey(host, makeCredential(), home.environment, never)).rejects.toMatchObject({
    code: 'host_key_unknown',
    message: expect.stringContaining('jump host gate') as string,
  });
});

test('an appended line starts on a line of its own, in a file that only its owner reads', async () => {
  await using home = await makeHome();
  const file = join(home.directory, '.ssh/known_hosts');
  await appendKnownHost(file, 'first');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(home.directory, '.ssh'))).mode & 0o777).toBe(0o700);
  await home.write('.ssh/known_hosts', 'first\nsecond');
  await appendKnownHost(file, 'third');
  await appendKnownHost(file, 'fourth');
  expect(await readFile(file, 'utf8')).toBe('first\nsecond\nthird\nfourth\n');
});
