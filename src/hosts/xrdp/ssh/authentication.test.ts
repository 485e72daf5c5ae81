import { expect, test } from 'vitest';
import type { UsherError } from '../../../sessions/errors.ts';
import { connectSsh } from './connection.ts';
import { ecdsaKey, hostKey, lockedKey, passphrase, pemKey, type TestKey, userKey } from './testing/keys.ts';
import { startServer, type TestServerOptions } from './testing/server.ts';
import { makeCredential, makeHome, makeHost, type TestCredential } from './testing/surroundings.ts';

interface Outcome {
  readonly tried: readonly string[];
  readonly error: UsherError | null;
  readonly asked: readonly string[];
}

/** Logs on once to a server whose key is known. Files are below the home directory. */
async function logOn(
  server: TestServerOptions,
  files: Readonly<Record<string, string>> = {},
  credential: TestCredential = makeCredential(),
): Promise<Outcome> {
  await using listening = await startServer(server);
  await using home = await makeHome({
    '.ssh/known_hosts': `[127.0.0.1]:${listening.port} ${hostKey.publicKey}\n`,
    ...files,
  });
  const host = makeHost('127.0.0.1', listening.port);
  let error: UsherError | null = null;
  try {
    await using transport = await connectSsh(host, credential, home.environment, new AbortController().signal);
    expect(transport.user).toBe('bob');
  } catch (thrown) {
    error = thrown as UsherError;
  }
  return { tried: listening.tried, error, asked: credential.asked };
}

const withKey = (key: TestKey, name = 'id_ed25519'): Record<string, string> => ({ [`.ssh/${name}`]: key.privateKey });

test('the default key file logs on, without asking anybody', async () => {
  const { tried, error, asked } = await logOn({ userKeys: [userKey] }, withKey(userKey));
  expect(error).toBe(null);
  expect(asked).toEqual([]);
  expect(tried.slice(0, 3)).toEqual(['none', 'publickey', 'publickey signed']);
});

test('an ECDSA key logs on', async () => {
  expect((await logOn({ userKeys: [ecdsaKey] }, withKey(ecdsaKey, 'id_ecdsa'))).error).toBe(null);
});

test('the key files of the credential come before those of the configuration, defaults only without either', async () => {
  const files = {
    '.ssh/config': 'IdentityFile ~/.ssh/configured\n',
    ...withKey(userKey, 'configured'),
    ...withKey(ecdsaKey, 'given'),
    ...withKey(userKey),
  };
  const { tried, error } = await logOn({ userKeys: [userKey] }, files, makeCredential({ files: ['~/.ssh/given'] }));
  expect(error).toBe(null);
  expect(tried.slice(0, 4)).toEqual(['none', 'publickey', 'publickey', 'publickey signed']);
  const onlyDefault = { '.ssh/config': 'IdentityFile ~/.ssh/absent\n', ...withKey(userKey) };
  const refused = await logOn({ userKeys: [userKey] }, onlyDefault);
  expect(refused.error).toMatchObject({ code: 'no_credential' });
  expect(refused.error?.hint).toMatch(/absent does not exist$/);
});

test('a wrong key is refused with what was tried and what would help', async () => {
  const { error } = await logOn({ userKeys: [ecdsaKey] }, withKey(userKey));
  expect(error).toMatchObject({
    code: 'logon_failed',
    host: 'ts01',
    hint: expect.stringContaining('ssh-copy-id bob@'),
  });
  expect(error?.message).toMatch(/^the host refused bob with .*\/\.ssh\/id_ed25519; the host takes publickey$/);
});

test('an encrypted key is decrypted once the host has accepted its public half, and asked for once', async () => {
  const credential = makeCredential({ passphrase });
  const { error, asked } = await logOn({ userKeys: [lockedKey] }, withKey(lockedKey), credential);
  expect(error).toBe(null);
  expect(asked).toEqual(['passphrase of id_ed25519']);
});

test('nobody is asked for the passphrase of a key that the host does not take', async () => {
  const credential = makeCredential({ passphrase });
  const { error, asked } = await logOn({ userKeys: [userKey] }, withKey(lockedKey), credential);
  expect(error).toMatchObject({ code: 'logon_failed' });
  expect(asked).toEqual([]);
});

test('an encrypted key without its passphrase, or with a wrong one, says how it is used', async () => {
  const locked = await logOn({ userKeys: [lockedKey] }, withKey(lockedKey));
  expect(locked.error).toMatchObject({ code: 'no_credential', hint: expect.stringContaining('ssh-add') });
  const wrong = makeCredential({ passphrase: 'battery staple' });
  const { error } = await logOn({ userKeys: [lockedKey] }, withKey(lockedKey), wrong);
  expect(error?.hint).toMatch(/^the passphrase of .*id_ed25519 is wrong/);
  expect(`${error?.message}${error?.hint}`).not.toContain('battery');
});

test('an encrypted PEM key takes its public half from the file beside it, else asks at once', async () => {
  const files = { ...withKey(pemKey, 'id_rsa'), '.ssh/id_rsa.pub': pemKey.publicKey };
  const beside = await logOn({ userKeys: [userKey] }, files, makeCredential({ passphrase }));
  expect(beside).toMatchObject({ error: { code: 'logon_failed' }, asked: [] });
  const alone = await logOn({ userKeys: [pemKey] }, withKey(pemKey, 'id_rsa'), makeCredential({ passphrase }));
  expect(alone).toMatchObject({ error: null, asked: ['passphrase of id_rsa'] });
});

test('the password is tried after the keys', async () => {
  const options = { userKeys: [ecdsaKey], password: 'hunter2' };
  const { tried, error } = await logOn(options, withKey(userKey), makeCredential({ password: 'hunter2' }));
  expect(error).toBe(null);
  expect(tried).toEqual(['none', 'publickey', 'password hunter2']);
});

const config = (text: string): Record<string, string> => ({ '.ssh/config': `${text}\n` });

test.each(['password', 'keyboard-interactive'] as const)(
  'PasswordAuthentication no: nobody is asked for a password, and none is sent by %s',
  async (passwordMethod) => {
    const options = { userKeys: [ecdsaKey], password: 'hunter2', passwordMethod };
    const files = { ...withKey(userKey), ...config('PasswordAuthentication no') };
    const { tried, error, asked } = await logOn(options, files, makeCredential({ password: 'hunter2' }));
    expect(error).toMatchObject({
      code: 'logon_failed',
      hint: expect.stringContaining('the SSH configuration keeps the password back') as string,
    });
    expect(tried).toEqual(['none', 'publickey']);
    expect(asked).toEqual([]);
  },
);

test('PreferredAuthentications puts the password before the keys', async () => {
  const files = { ...withKey(userKey), ...config('PreferredAuthentications password,publickey') };
  const options = { userKeys: [userKey], password: 'hunter2' };
  const right = await logOn(options, files, makeCredential({ password: 'hunter2' }));
  expect(right).toMatchObject({ error: null, tried: ['none', 'password hunter2'] });
  const wrong = await logOn(options, files, makeCredential({ password: 'wrong' }));
  expect(wrong.error).toBe(null);
  expect(wrong.tried.slice(0, 3)).toEqual(['none', 'password wrong', 'publickey']);
});

test('a method that PreferredAuthentications leaves out is not tried', async () => {
  const options = { userKeys: [userKey], password: 'hunter2' };
  const files = { ...withKey(userKey), ...config('PreferredAuthentications keyboard-interactive,password') };
  const { tried, error } = await logOn(options, files, makeCredential({ password: 'wrong' }));
  expect(tried).toEqual(['none', 'password wrong']);
  expect(error?.hint).toContain('the SSH configuration keeps keys back');
});

test('a wrong password is sent once, and not shown', async () => {
  for (const passwordMethod of ['password', 'keyboard-interactive'] as const) {
    const credential = makeCredential({ password: 'wrong horse' });
    const { tried, error, asked } = await logOn({ password: 'hunter2', passwordMethod }, {}, credential);
    expect(error).toMatchObject({ code: 'logon_failed' });
    expect(JSON.stringify(error)).not.toContain('wrong horse');
    expect(tried.filter((attempt) => attempt.includes('wrong horse'))).toHaveLength(1);
    expect(asked).toHaveLength(1);
  }
});

test('a hidden prompt for the password is answered with it', async () => {
  const options = { password: 'hunter2', passwordMethod: 'keyboard-interactive' } as const;
  expect(await logOn(options, {}, makeCredential({ password: 'hunter2' }))).toMatchObject({
    error: null,
    tried: ['none', 'keyboard-interactive', 'answer hunter2'],
  });
});

test('prompts that show the answer, or want something else, get none', async () => {
  const others = [
    { prompt: 'Password: ', echo: true },
    { prompt: 'Verification code: ', echo: false },
    { prompt: 'New password: ', echo: false },
    { prompt: 'One-time password (OTP): ', echo: false },
  ];
  for (const prompt of others) {
    const options = { password: 'hunter2', passwordMethod: 'keyboard-interactive', prompts: [prompt] } as const;
    const { tried, error } = await logOn(options, {}, makeCredential({ password: 'hunter2' }));
    expect(error).toMatchObject({ code: 'no_credential', hint: expect.stringContaining(prompt.prompt.trim()) });
    expect(tried).toEqual(['none', 'keyboard-interactive']);
  }
});

test('a second prompt after the password is not answered with it again', async () => {
  const prompts = [
    { prompt: 'Password: ', echo: false },
    { prompt: 'Password: ', echo: false },
  ];
  const options = { password: 'hunter2', passwordMethod: 'keyboard-interactive', prompts } as const;
  const { tried, error } = await logOn(options, {}, makeCredential({ password: 'hunter2' }));
  expect(error).toMatchObject({ code: 'logon_failed' });
  expect(tried).toEqual(['none', 'keyboard-interactive', 'answer hunter2']);
});

test('a host that wants a key and a password gets both', async () => {
  const options = { userKeys: [userKey], password: 'hunter2', wantsBoth: true };
  const { tried, error } = await logOn(options, withKey(userKey), makeCredential({ password: 'hunter2' }));
  expect(error).toBe(null);
  expect(tried.filter((attempt) => attempt !== 'none')).toEqual(['publickey', 'publickey signed', 'password hunter2']);
});

test('with nothing to try, nothing is said to be refused', async () => {
  const { error } = await logOn({ userKeys: [userKey], password: 'hunter2' });
  expect(error).toMatchObject({ code: 'no_credential', host: 'ts01', operation: 'connecting over SSH' });
  expect(error?.message).toBe('no key and no password to log on as bob with; the host takes publickey, password');
});

test('files that hold no key are named in the hint', async () => {
  const files = { '.ssh/notes': 'not a key', '.ssh/public': userKey.publicKey };
  const credential = makeCredential({ files: ['~/.ssh/notes', '~/.ssh/public', '~/.ssh/absent'] });
  const { error } = await logOn({ userKeys: [userKey] }, files, credential);
  expect(error?.hint).toMatch(/notes: .*; .*public is a public key, and .*; .*absent does not exist$/);
});
