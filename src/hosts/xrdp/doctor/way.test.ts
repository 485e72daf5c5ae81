import { afterEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../finding.ts';
import { hostKey, otherHostKey, type TestKey, userKey } from '../ssh/testing/keys.ts';
import { startListener, startServer, type TestServerOptions } from '../ssh/testing/server.ts';
import { makeCredential, makeHome, makeHost } from '../ssh/testing/surroundings.ts';
import type { Transport } from '../transport.ts';
import { lines, pastes } from './testing/facts.ts';
import { examineWay, type Resolve } from './way.ts';

const never = new AbortController().signal;
const loopback: Resolve = async () => ['127.0.0.1'];
const opened: Transport[] = [];

afterEach(async () => {
  for (const transport of opened.splice(0)) await transport[Symbol.asyncDispose]();
});

interface Tried {
  readonly findings: readonly Finding[];
  readonly reached: boolean;
}

interface Try {
  readonly password?: string;
  readonly key?: TestKey | null;
  readonly known?: TestKey | null;
  readonly resolve?: Resolve;
  readonly address?: string;
  readonly config?: string;
}

async function walk(
  port: number,
  { password, key = userKey, known = hostKey, resolve = loopback, address = '127.0.0.1', config = '' }: Try,
): Promise<Tried> {
  await using home = await makeHome({
    ...(key === null ? {} : { '.ssh/id_ed25519': key.privateKey }),
    '.ssh/known_hosts': known === null ? '' : `[127.0.0.1]:${port} ${known.publicKey}\n`,
    '.ssh/config': config,
  });
  const credential = makeCredential(password === undefined ? {} : { password });
  const findings: Finding[] = [];
  const way = examineWay(makeHost(address, port), credential, home.environment, never, resolve);
  for (;;) {
    const next = await way.next();
    if (next.done !== true) {
      findings.push(next.value);
      continue;
    }
    if (next.value !== null) opened.push(next.value);
    return { findings, reached: next.value !== null };
  }
}

/** What is found at a server like that. */
async function at(options: TestServerOptions, how: Try = {}): Promise<Tried & { readonly tried: readonly string[] }> {
  await using server = await startServer({ userKeys: [userKey], ...options });
  return { ...(await walk(server.port, how)), tried: server.tried };
}

const last = ({ findings }: Tried): Finding => {
  const found = findings.at(-1);
  if (found === undefined) throw new Error('nothing was found');
  return found;
};

describe('a way that leads to the host', () => {
  test('is told from the name to the logon, in order', async () => {
    const { findings, reached } = await at({});
    const told = findings.map(({ check, verdict }) => `${check} ${verdict}`);
    expect([told, reached]).toEqual([['name ok', 'port ok', 'host-key ok', 'logon ok'], true]);
  });

  test('names the key that was taken, and those that were not', async () => {
    const found = last(await at({}));
    expect(found.summary).toMatch(/^bob is logged on with the key .*\/\.ssh\/id_ed25519$/);
    expect(found.details).toContainEqual(expect.stringMatching(/^key .*id_ed25519 \(ED25519 SHA256:\S+\): accepted$/));
  });

  test('by a password says so, and nothing holds the password', async () => {
    const { findings } = await at({ password: 'hunter2' }, { key: null, password: 'hunter2' });
    expect(findings.at(-1)?.summary).toBe('bob is logged on with a password');
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('by a key and a password names both', async () => {
    const found = last(await at({ wantsBoth: true, password: 'hunter2' }, { password: 'hunter2' }));
    expect(found.summary).toMatch(/^bob is logged on with the key \S+ and a password$/);
  });
});

describe('a name', () => {
  test('that stands for addresses tells them', async () => {
    const { findings } = await walk(1, { address: 'xh1.example', resolve: async () => ['192.0.2.1', '2001:db8::1'] });
    expect(findings[0]?.summary).toBe('xh1.example is 192.0.2.1, 2001:db8::1');
  });

  test('that stands for none ends the examination', async () => {
    const missing: Resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    const { findings, reached } = await walk(22, { address: 'xh1.example', resolve: missing });
    expect([lines(findings), findings[0]?.error?.code, reached]).toEqual([
      ['name problem: the name xh1.example cannot be resolved'],
      'unreachable',
      false,
    ]);
  });

  test('that the SSH configuration replaces says so', async () => {
    const { findings } = await walk(22, { address: 'xh1', config: 'Host xh1\n  HostName 127.0.0.1\n  Port 1\n' });
    expect(findings[0]?.details).toEqual(['HostName of xh1 in the SSH configuration: 127.0.0.1']);
  });
});

test('a configuration that cannot be followed is the only finding', async () => {
  const { findings } = await walk(22, { config: 'Host *\n  ProxyCommand nc %h %p\n' });
  expect(findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(['configuration problem']);
});

describe('a port', () => {
  test('that is closed has the command that starts an SSH server', async () => {
    await using listener = await startListener(() => {});
    const { port } = listener;
    await listener[Symbol.asyncDispose]();
    const found = last(await walk(port, {}));
    expect([found.check, found.summary, found.error?.code]).toEqual(['port', `port ${port} is closed`, 'unreachable']);
    expect(pastes(found)[0]).toContain('systemctl enable --now ssh');
  });

  test('of a service that hangs up is told as that', async () => {
    await using listener = await startListener((socket) => socket.end());
    const { findings } = await walk(listener.port, {});
    expect(findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(['name ok', 'port ok', 'ssh problem']);
  });

  test('of something else than SSH is told as that', async () => {
    await using listener = await startListener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const found = last(await walk(listener.port, {}));
    expect([found.check, found.meaning]).toEqual(['ssh', expect.stringMatching(/does not speak SSH|closed it/)]);
  });
});

describe('a host key', () => {
  test('that is unknown has the fingerprint and the command that accepts it, and nobody logs on', async () => {
    const result = await at({}, { known: null });
    const found = last(result);
    expect([found.check, found.details[0], result.tried]).toEqual(['host-key', `shown: ${hostKey.fingerprint}`, []]);
    expect(pastes(found)).toEqual([
      'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      expect.stringMatching(/^usher hosts add ts01 ssh:\/\/bob@127\.0\.0\.1:\d+$/),
    ]);
  });

  test('that changed has both fingerprints and the command that forgets the old one', async () => {
    const found = last(await at({}, { known: otherHostKey }));
    expect(found.error?.code).toBe('host_key_changed');
    expect(found.details).toEqual([
      `shown: ${hostKey.fingerprint}`,
      expect.stringContaining(`known: ${otherHostKey.fingerprint} (`),
    ]);
    expect(pastes(found)[1]).toMatch(/^ssh-keygen -f \S+known_hosts -R '\[127\.0\.0\.1\]:\d+'\nusher hosts add ts01 /);
  });
});

describe('a logon', () => {
  test('with a wrong password is refused, and it was tried once', async () => {
    const result = await at({ password: 'right' }, { key: null, password: 'wrong' });
    const found = last(result);
    expect([found.check, found.verdict, found.error?.code]).toEqual(['logon', 'problem', 'logon_failed']);
    expect(result.tried.filter((one) => one.startsWith('password'))).toEqual(['password wrong']);
    expect(found.meaning).toContain('It is not tried again in this run');
  });

  test('with a key that the host does not know has the command that makes it known', async () => {
    const found = last(await at({ userKeys: [] }));
    expect(found.details).toContainEqual(expect.stringMatching(/id_ed25519 \(ED25519 SHA256:\S+\): refused$/));
    expect(pastes(found)[0]).toMatch(/^ssh-copy-id -i \S+id_ed25519 -p \d+ bob@127\.0\.0\.1$/);
  });

  test('without anything to try says what the host takes and how to make a key', async () => {
    const found = last(await at({}, { key: null }));
    expect([found.error?.code, pastes(found)[0]?.split('\n')[0]]).toEqual(['no_credential', 'ssh-keygen -t ed25519']);
    expect(found.details).toContainEqual(expect.stringMatching(/^the host takes: publickey/));
  });

  test('of root with a password says that most hosts take none for root', async () => {
    await using server = await startServer({ password: 'right' });
    await using home = await makeHome({ '.ssh/known_hosts': `[127.0.0.1]:${server.port} ${hostKey.publicKey}\n` });
    const credential = makeCredential({ password: 'wrong' });
    const host = makeHost('127.0.0.1', server.port, 'root');
    const findings = await Array.fromAsync(examineWay(host, credential, home.environment, never, loopback));
    expect(findings.at(-1)?.meaning).toContain('PermitRootLogin');
  });
});

describe('a jump host', () => {
  const through = (port: number): string =>
    `Host gate\n  HostName 127.0.0.1\n  Port ${port}\nHost 127.0.0.1\n  ProxyJump gate\n`;

  test('that lets us through is a finding before the host’s own', async () => {
    await using gate = await startServer({ userKeys: [userKey] });
    await using server = await startServer({ userKeys: [userKey] });
    await using home = await makeHome({
      '.ssh/id_ed25519': userKey.privateKey,
      '.ssh/known_hosts': [gate, server].map(({ port }) => `[127.0.0.1]:${port} ${hostKey.publicKey}\n`).join(''),
      '.ssh/config': through(gate.port),
    });
    const way = examineWay(makeHost('127.0.0.1', server.port), makeCredential(), home.environment, never, loopback);
    const findings: Finding[] = [];
    for (let next = await way.next(); ; next = await way.next()) {
      if (next.done === true) {
        if (next.value !== null) opened.push(next.value);
        break;
      }
      findings.push(next.value);
    }
    expect(findings.map(({ check, of, verdict }) => `${check} ${of ?? ''} ${verdict}`)).toEqual([
      'name  ok',
      'jump gate ok',
      'port  ok',
      'host-key  ok',
      'logon  ok',
    ]);
  });

  test('that does not is the last finding, and the host is asked for nothing', async () => {
    await using gate = await startServer({ userKeys: [] });
    const { findings } = await walk(1, { config: through(gate.port), password: 'hunter2' });
    expect(findings.map(({ check }) => check)).toEqual(['name', 'jump']);
    expect(gate.tried).not.toContain('password hunter2');
  });
});

test('an abort is thrown with its reason, and nothing is said of the credential', async () => {
  await using listener = await startListener(() => {});
  await using home = await makeHome();
  const leaving = new AbortController();
  const way = examineWay(
    makeHost('127.0.0.1', listener.port),
    makeCredential(),
    home.environment,
    leaving.signal,
    loopback,
  );
  await way.next();
  expect((await way.next()).value).toMatchObject({ check: 'port', verdict: 'ok' });
  const next = way.next();
  leaving.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
});
