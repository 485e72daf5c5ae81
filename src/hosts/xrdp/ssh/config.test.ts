import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../../sessions/errors.ts';
import { resolveSettings, type SshSettings } from './config.ts';
import type { SshTarget } from './target.ts';
import { parseConfig } from './config-file.ts';
import type { SshEnvironment } from './environment.ts';
import { makeHome } from './testing/surroundings.ts';

const target = (alias: string, user: string | null = null, port: number | null = null): SshTarget => ({
  alias,
  user,
  port,
});

async function resolve(
  config: string,
  of: SshTarget,
  change: Partial<SshEnvironment> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<SshSettings> {
  await using home = await makeHome({ '.ssh/config': config, ...files });
  return relativeTo(home.directory, await resolveSettings(of, { ...home.environment, ...change }));
}

/** File names without the home directory, whose name differs from run to run. */
function relativeTo(home: string, settings: SshSettings): SshSettings {
  const strip = (file: string): string => file.replace(home, '~');
  return {
    ...settings,
    identityFiles: settings.identityFiles?.map(strip) ?? null,
    userKnownHostsFiles: settings.userKnownHostsFiles.map(strip),
    systemKnownHostsFiles: settings.systemKnownHostsFiles.map(strip),
  };
}

/** Each expectation below that names it is what `ssh -G -F config HOST` of OpenSSH 9.2p1 printed for this. */
const sample = `# first value wins
Include conf.d/*.conf missing.conf
Host ts* !ts09
  HostName %h.corp.example
  Port=2222
  IdentityFile "~/.ssh/id of %r"
  IdentityFile ~/.ssh/%n_%p
Host ts01
  User late
  port 22
Match host *.corp.example user bob
  ProxyJump gate.example:2200,anna@inner
Match originalhost ts02 !user bob
  HostKeyAlias other-than-bob
Match all
  ServerAliveInterval 1m30
host *
  user fallback
  IdentityFile ~/.ssh/everyone
  UserKnownHostsFile ~/.ssh/known_%k /tmp/second
  ConnectTimeout 7
`;
const included = {
  '.ssh/conf.d/b.conf': 'Host ts01\n  IdentitiesOnly yes\n',
  '.ssh/conf.d/a.conf': 'IdentityFile ~/.ssh/first\nHost ts02\n  Hostname two.example\n',
};

test('patterns, Include, Match and the first value resolve as ssh -G does', async () => {
  expect(await resolve(sample, target('ts01', 'bob'), {}, included)).toMatchObject({
    user: 'bob',
    hostName: 'ts01.corp.example',
    port: 2222,
    identitiesOnly: true,
    keepAliveInterval: 90_000,
    connectTimeout: 7000,
    identityFiles: ['~/.ssh/first', '~/.ssh/id of bob', '~/.ssh/ts01_2222', '~/.ssh/everyone'],
    userKnownHostsFiles: ['~/.ssh/known_ts01', '/tmp/second'],
    jumps: [
      { alias: 'gate.example', user: null, port: 2200 },
      { alias: 'inner', user: 'anna', port: null },
    ],
  });
  expect(await resolve(sample, target('ts01'), {}, included)).toMatchObject({ user: 'late', jumps: [] });
  expect(await resolve(sample, target('ts02'), {}, included)).toMatchObject({
    hostName: 'two.example',
    hostKeyAlias: 'other-than-bob',
    identitiesOnly: false,
    userKnownHostsFiles: ['~/.ssh/known_other-than-bob', '/tmp/second'],
  });
  expect(await resolve(sample, target('ts02', 'bob'), {}, included)).toMatchObject({ hostKeyAlias: null });
  expect(await resolve(sample, target('ts09'), {}, included)).toMatchObject({
    hostName: 'ts09',
    port: 22,
    user: 'fallback',
    identityFiles: ['~/.ssh/first', '~/.ssh/everyone'],
  });
});

test('without a configuration, ssh’s own values hold', async () => {
  expect(await resolve('', target('ts01'))).toEqual({
    alias: 'ts01',
    hostName: 'ts01',
    port: 22,
    user: 'anna',
    identityFiles: null,
    identitiesOnly: false,
    agent: null,
    logonMethods: ['publickey', 'password', 'keyboard-interactive'],
    jumps: [],
    userKnownHostsFiles: ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'],
    systemKnownHostsFiles: ['~/etc-ssh/ssh_known_hosts', '~/etc-ssh/ssh_known_hosts2'],
    hostKeyAlias: null,
    revokedHostKeys: null,
    connectTimeout: 10_000,
    keepAliveInterval: 15_000,
    keepAliveCount: 3,
    ignoredConditions: [],
  });
});

test('what was asked for beats the configuration', async () => {
  const config = 'Host *\n  User late\n  Port 2222\n';
  expect(await resolve(config, target('ts01', 'bob', 22))).toMatchObject({ user: 'bob', port: 22 });
  expect(await resolve(config, target('ts01'))).toMatchObject({ user: 'late', port: 2222 });
});

test('the account’s configuration comes before the system’s', async () => {
  const files = {
    'etc-ssh/ssh_config': 'Include more.conf\nPort 2222\nUser late\n',
    'etc-ssh/more.conf': 'User system\n',
  };
  expect(await resolve('Host ts01\n  User own\n', target('ts01'), {}, files)).toMatchObject({
    user: 'own',
    port: 2222,
  });
  expect(await resolve('', target('ts01'), {}, files)).toMatchObject({ user: 'system' });
});

test('a file of its own is read instead of both, none reads none', async () => {
  await using home = await makeHome({
    '.ssh/config': 'User own\n',
    'etc-ssh/ssh_config': 'Port 2222\n',
    'other config': 'Include more\nHostName other\n',
    '.ssh/more': 'ConnectTimeout 5\n',
  });
  const read = (configFile: string): Promise<SshSettings> =>
    resolveSettings(target('ts01'), { ...home.environment, configFile });
  expect(await read(join(home.directory, 'other config'))).toMatchObject({
    hostName: 'other',
    port: 22,
    user: 'anna',
    connectTimeout: 5000,
  });
  expect(await read('none')).toMatchObject({ hostName: 'ts01', user: 'anna' });
  await expect(read('/nowhere/config')).rejects.toMatchObject({ code: 'bad_file' });
});

test('no program of the configuration is run, and what depends on one is left out', async () => {
  await using home = await makeHome();
  const proof = join(home.directory, 'executed');
  await home.write('.ssh/config', `Match host ts01 exec "touch ${proof}"\n  User executed\nMatch final\n  Port 1\n`);
  const settings = await resolveSettings(target('ts01'), home.environment);
  expect(settings).toMatchObject({ user: 'anna', port: 22, ignoredConditions: ['exec', 'final'] });
  await expect(access(proof)).rejects.toThrow('ENOENT');
});

/** What is said to decide is what `ssh -G -F config ts01` of OpenSSH 9.2p1 printed. */
test.each([
  ['ProxyJump none', 'ProxyJump bastion', []],
  ['ProxyCommand none', 'ProxyJump bastion', []],
  ['ProxyCommand None', 'ProxyCommand nc %h %p', []],
  ['ProxyJump gate', 'ProxyCommand nc %h %p', ['gate']],
  ['ProxyJump gate', 'ProxyCommand none', ['gate']],
  ['ProxyJump gate', 'ProxyJump bastion', ['gate']],
  ['ProxyCommand nc %h %p', 'ProxyJump bastion', 'unsupported'],
  ['ProxyJump none', 'ProxyCommand nc %h %p', 'unsupported'],
])('%s and then %s: what ssh goes by decides', async (first, second, expected) => {
  const config = `Host ts01\n  ${first}\nHost *\n  ${second}\n`;
  const jumps = await resolve(config, target('ts01')).then(
    (settings) => settings.jumps.map(({ alias }) => alias),
    (error: unknown) => (error instanceof UsherError ? error.code : error),
  );
  expect(jumps).toEqual(expected);
});

test('a host behind ProxyCommand is refused, with what to write instead', async () => {
  await expect(resolve('ProxyCommand ssh -W %h:%p gate\n', target('ts01'))).rejects.toMatchObject({
    code: 'unsupported',
    hint: expect.stringContaining('ProxyJump') as string,
  });
});

test('jump hosts are read in every form that ssh takes', async () => {
  const jumps = async (text: string): Promise<unknown> => (await resolve(`ProxyJump ${text}\n`, target('ts01'))).jumps;
  expect(await jumps('gate')).toEqual([{ alias: 'gate', user: null, port: null }]);
  expect(await jumps('ssh://anna@[fe80::1]:22')).toEqual([{ alias: 'fe80::1', user: 'anna', port: 22 }]);
  expect(await jumps(String.raw`CORP\anna@gate`)).toEqual([{ alias: 'gate', user: String.raw`CORP\anna`, port: null }]);
  for (const text of ['a,,b', 'a:99999', 'windows://a', Array(9).fill('a').join(',')]) {
    await expect(jumps(text), text).rejects.toMatchObject({ code: 'bad_file' });
  }
});

test('the agent is the one of the configuration, else of the environment, else of Windows', async () => {
  const agent = async (config: string, change: Partial<SshEnvironment> = {}): Promise<string | null> =>
    (await resolve(config, target('ts01'), change)).agent;
  const variables = { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' };
  expect(await agent('', { variables })).toBe('/run/agent');
  expect(await agent('IdentityAgent none\n', { variables })).toBe(null);
  expect(await agent('IdentityAgent $OTHER\n', { variables })).toBe('/run/other');
  expect(await agent('IdentityAgent ${OTHER}.%u\n', { variables })).toBe('/run/other.anna');
  expect(await agent('IdentityAgent SSH_AUTH_SOCK\n', { variables })).toBe('/run/agent');
  expect(await agent('')).toBe(null);
  expect(await agent('', { platform: 'win32' })).toBe(String.raw`\\.\pipe\openssh-ssh-agent`);
});

test('strict checking of host keys cannot be loosened, nor can identity files be taken from none', async () => {
  const settings = await resolve('StrictHostKeyChecking no\nIdentityFile none\n', target('ts01'));
  expect(settings.identityFiles).toEqual([]);
  expect(Object.keys(settings)).not.toContain('strictHostKeyChecking');
});

test.each([
  ['PasswordAuthentication no', ['publickey']],
  ['PasswordAuthentication False\nPreferredAuthentications password,publickey', ['publickey']],
  ['PasswordAuthentication yes', ['publickey', 'password', 'keyboard-interactive']],
  ['PreferredAuthentications keyboard-interactive,publickey', ['keyboard-interactive', 'publickey']],
  ['PreferredAuthentications gssapi-with-mic,password', ['password']],
  ['PreferredAuthentications hostbased', []],
])('%s: what is tried to log on is %j', async (config, methods) => {
  expect((await resolve(`${config}\n`, target('ts01'))).logonMethods).toEqual(methods);
});

test('the list of revoked host keys is a file name, or none', async () => {
  await using home = await makeHome({ '.ssh/config': 'RevokedHostKeys "~/.ssh/revoked of %u"\n' });
  expect((await resolveSettings(target('ts01'), home.environment)).revokedHostKeys).toBe(
    join(home.directory, '.ssh/revoked of anna'),
  );
  const off = await resolve('RevokedHostKeys None\nRevokedHostKeys /etc/ssh/revoked\n', target('ts01'));
  expect(off.revokedHostKeys).toBe(null);
});

test('a configuration that ssh would refuse is refused with its name and line', async () => {
  const refused = async (config: string): Promise<string> => {
    const error: unknown = await resolve(config, target('ts01')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'bad_file' });
    return error instanceof Error ? error.message : '';
  };
  expect(await refused('User bob\n  HostName\nPort 22\n')).toMatch(/config has no value for 'HostName' in line 2$/);
  expect(await refused('Port 70000\n')).toContain("'70000' is no value for port");
  expect(await refused('ConnectTimeout soon\n')).toContain('connecttimeout');
  expect(await refused('PasswordAuthentication maybe\n')).toContain("'maybe' is no value for passwordauthentication");
  expect(await refused('User "bob\n')).toContain('is not an SSH configuration');
  expect(await refused('Include config\n')).toContain('levels deep');
});

function outcomeOf(content: string): string {
  try {
    parseConfig(content, 'config');
    return 'read';
  } catch (error) {
    return error instanceof UsherError ? error.code : 'defect';
  }
}

test('whatever a configuration holds, it is read or refused as one', () => {
  const word = fc.oneof(fc.constantFrom('Host', 'Match', '"', '\\', '=', '#', '\t', 'exec', '*', '!'), fc.string());
  const text = fc.array(fc.array(word).map((words) => words.join(' '))).map((lines) => lines.join('\n'));
  // fast-check prints the seed and the path of a failure.
  fc.assert(
    fc.property(text, (content) => {
      expect(outcomeOf(content)).toMatch(/^(?:read|bad_file)$/);
    }),
  );
});

test('a long run of digits or stars costs no time', async () => {
  const config = `Host ${'*a'.repeat(200)}\n  Port 1\nHost *\n  ConnectTimeout ${'1'.repeat(5000)}x\n`;
  await expect(resolve(config, target('a'.repeat(400)))).rejects.toMatchObject({ code: 'bad_file' });
});
