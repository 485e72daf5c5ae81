import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Finding, finding } from '../hosts/finding.ts';
import { UsherError } from '../sessions/errors.ts';
import { aSession } from '../sessions/testing/session.ts';
import type { HostKeyStatus, Terminal } from './surroundings.ts';
import { aHome, type Setting, unknownKey, usher } from './testing/usher.ts';

let home: Awaited<ReturnType<typeof aHome>>;
let file = '';

beforeEach(async () => {
  home = await aHome();
  file = path.join(home.path, '.config', 'usher', 'inventory.yaml');
});

afterEach(() => home[Symbol.asyncDispose]());

const run = (line: string | readonly string[], setting: Setting = {}) => usher(line, { home: home.path, ...setting });
const inventory = () => readFile(file, 'utf8').catch(() => null);

function aKey(status: HostKeyStatus) {
  const trust = vi.fn<() => Promise<void>>(async () => undefined);
  return { trust, hostKey: { ...unknownKey, status, trust } };
}

const aKeyKnown = (): Setting => ({ hostKey: aKey('known').hostKey });

const answering = (answer: string | null): Terminal => ({ ask: async () => answer, askSecret: async () => null });

describe('hosts add', () => {
  test('a host whose key is known is added without a question', async () => {
    const { trust, hostKey } = aKey('known');
    const { code, out } = await run('hosts add ts01 ssh://root@ts01 --group rds --tag site=paris', { hostKey });
    expect([code, out]).toEqual([0, `ts01 added to ${file}\n`]);
    expect(await inventory()).toBe(
      'version: 1\nhosts:\n  ts01:\n    url: ssh://root@ts01\n    groups: [ rds ]\n    tags: { site: paris }\n',
    );
    expect(trust).not.toHaveBeenCalled();
  });

  test('an unknown key is shown, and trusted after a yes', async () => {
    const { trust, hostKey } = aKey('unknown');
    const { code, err } = await run('hosts add ts01 ssh://ts01', { hostKey, terminal: answering('yes') });
    expect([code, trust.mock.calls.length]).toEqual([0, 1]);
    expect(err).toContain(`ED25519 ${unknownKey.fingerprint}`);
  });

  test.each([['no'], [''], [null], ['SHA256:other']])('%j is no yes: nothing is trusted or added', async (answer) => {
    const { trust, hostKey } = aKey('unknown');
    const { code } = await run('hosts add ts01 ssh://ts01 --yes', { hostKey, terminal: answering(answer) });
    expect([code, trust.mock.calls.length, await inventory()]).toEqual([3, 0, null]);
  });

  test('the fingerprint itself is a yes', async () => {
    const { trust, hostKey } = aKey('unknown');
    await run('hosts add ts01 ssh://ts01', { hostKey, terminal: answering(unknownKey.fingerprint) });
    expect(trust).toHaveBeenCalledOnce();
  });

  test('without a terminal it is wrong use, and says what to add', async () => {
    const { trust, hostKey } = aKey('unknown');
    const { code, err } = await run('hosts add ts01 ssh://ts01 --yes', { hostKey });
    expect([code, trust.mock.calls.length, await inventory()]).toEqual([2, 0, null]);
    expect(err).toContain(`--accept-fingerprint ${unknownKey.fingerprint}`);
  });

  test.each([
    ['the right fingerprint is trusted', unknownKey.fingerprint, 0, 1],
    ['another fingerprint is refused', 'SHA256:other', 3, 0],
  ])('%s', async (_what, fingerprint, expected, trusted) => {
    const { trust, hostKey } = aKey('unknown');
    const { code } = await run(`hosts add ts01 ssh://ts01 --accept-fingerprint ${fingerprint}`, { hostKey });
    expect([code, trust.mock.calls.length]).toEqual([expected, trusted]);
  });

  test.each(['changed', 'revoked'] as const)('a %s key is refused, even with its fingerprint', async (status) => {
    const { trust, hostKey } = aKey(status);
    const { code } = await run(`hosts add ts01 ssh://ts01 --accept-fingerprint ${unknownKey.fingerprint}`, { hostKey });
    expect([code, trust.mock.calls.length, await inventory()]).toEqual([3, 0, null]);
  });

  test('--dry-run trusts and writes nothing', async () => {
    const { trust, hostKey } = aKey('unknown');
    const { code, out } = await run('hosts add ts01 ssh://ts01 --dry-run', { hostKey });
    expect([code, out, trust.mock.calls.length, await inventory()]).toEqual([
      0,
      `ts01 would be added to ${file}\n`,
      0,
      null,
    ]);
  });

  test('a host that does not answer is not added, and --offline is named', async () => {
    const keyFailure = new UsherError({ code: 'unreachable', message: 'nothing listens', hint: 'check the port' });
    const { code, err } = await run('hosts add ts01 ssh://ts01', { keyFailure });
    expect([code, await inventory()]).toEqual([3, null]);
    expect(err).toBe(
      'ts01: nothing listens; check the port; nothing was added: --offline adds it without a look at it\n',
    );
  });

  test('a host that is there already has its new key accepted, and stays as it is', async () => {
    await run('hosts add ts01 ssh://ts01 --group rds --offline');
    const before = await inventory();
    const { trust, hostKey } = aKey('unknown');
    const { code, out } = await run('hosts add ts01 ssh://ts01', { hostKey, terminal: answering('yes') });
    expect([code, out, trust.mock.calls.length]).toEqual([
      0,
      `ts01 is in ${file} already; its key is trusted now\n`,
      1,
    ]);
    expect(await inventory()).toBe(before);
  });

  test.each([
    ['with another URL', 'ssh://other', 'unknown'],
    ['with a group', 'ssh://ts01 --group paris', 'unknown'],
    ['whose key is known', 'ssh://ts01', 'known'],
  ] as const)('a host that is there already %s is wrong use', async (_what, rest, status) => {
    await run('hosts add ts01 ssh://ts01 --offline');
    const { trust, hostKey } = aKey(status);
    const { code, err } = await run(`hosts add ts01 ${rest}`, { hostKey, terminal: answering('yes') });
    expect([code, trust.mock.calls.length, err.includes('in the inventory already')]).toEqual([2, 0, true]);
  });

  test('a Windows host is added, and said not to be spoken to yet', async () => {
    const { code, out, err } = await run(['hosts', 'add', 'ts01', String.raw`windows://CORP\bob@ts01`]);
    expect([code, out]).toEqual([0, `ts01 added to ${file}\n`]);
    expect(err).toBe(
      'ts01: this version of Usher cannot speak to Windows hosts yet: every command fails on this host until a version can\n',
    );
  });

  describe('a Windows host', () => {
    const closed = finding('port', 'problem', 'port 445 is closed', {
      error: new UsherError({ code: 'unreachable', message: 'nothing listens' }),
    });
    const found = (...findings: readonly Finding[]): Setting => ({
      hosts: { ts01: { findings }, 'windows://any': {} },
    });
    const dialect = finding('dialect', 'ok', 'SMB 3.1.1');
    const add = (url: string, setting: Setting, ...more: readonly string[]) =>
      run(['hosts', 'add', 'ts01', url, ...more], setting);

    test('that does not answer is not added, and --offline is named', async () => {
      const { code, err } = await add(String.raw`windows://CORP\bob@ts01`, found(closed));
      expect([code, await inventory()]).toEqual([3, null]);
      expect(err).toBe('ts01: port 445 is closed; nothing was added: --offline adds it without a look at it\n');
    });

    test('is not looked at with --offline', async () => {
      const { code, estate } = await add(String.raw`windows://CORP\bob@ts01`, found(closed), '--offline');
      expect([code, estate.events]).toEqual([0, []]);
    });

    test('is looked at no further than to the logon', async () => {
      const logon = finding('logon', 'problem', 'the password was refused');
      const { code, err } = await add(String.raw`windows://CORP\bob@ts01`, found(dialect, logon));
      expect([code, err]).toEqual([0, '']);
    });

    test('whose account has no domain is said to have none', async () => {
      const { code, err } = await add('windows://CORPbob@ts01', found(dialect));
      expect(code).toBe(0);
      expect(err).toBe(
        String.raw`ts01: logs on as CORPbob, of no domain; a domain stands before a backslash, which a shell keeps in quotes alone: 'windows://DOMAIN\user@host'` +
          '\n',
      );
    });
  });

  test('the key of -i is said not to be kept', async () => {
    const { err } = await run('hosts add ts01 ssh://ts01 -i key', aKeyKnown());
    expect(err).toContain('the key of -i is not kept with the host; give -i each time');
  });

  test('a Windows host is refused by other commands in the same words', async () => {
    const { code, err } = await run('sessions -s windows://bob@ts01');
    expect([code, err]).toEqual([3, 'windows://bob@ts01: this version of Usher cannot speak to Windows hosts yet\n']);
  });

  test.each([
    ['a name that cannot be', 'hosts add a:b ssh://ts01'],
    ['a URL that is none', 'hosts add ts01 ts01.example'],
    ['a password in the URL', 'hosts add ts01 ssh://root:hunter2@ts01'],
    ['a credential that is not there', 'hosts add ts01 local: --credential ops'],
  ])('%s is wrong use', async (_what, line) => {
    const { code, err } = await run(line);
    expect([code, err.includes('hunter2')]).toEqual([2, false]);
  });
});

describe('with an inventory', () => {
  beforeEach(async () => {
    await run('hosts add ts01 ssh://root@ts01 --group rds --tag old --offline');
    await run('hosts add ts02 ssh://root@ts02 --offline');
  });

  test('hosts list shows it', async () => {
    const { out } = await run('hosts list');
    expect(out.split('\n')).toEqual([
      'NAME  URL              GROUPS  TAGS  CREDENTIAL',
      'ts01  ssh://root@ts01  rds     old   -',
      'ts02  ssh://root@ts02  -       -     -',
      '',
    ]);
  });

  test('hosts list --json narrows to a group', async () => {
    const { out } = await run('hosts list @rds --json');
    expect(JSON.parse(out)).toMatchObject({
      hosts: [
        {
          name: 'ts01',
          url: 'ssh://root@ts01',
          groups: ['rds'],
          tags: { old: '' },
          credential: null,
          slots: null,
          simulated: false,
        },
      ],
    });
  });

  test('hosts remove takes one away', async () => {
    await run('hosts remove ts01');
    expect(await inventory()).toBe('version: 1\nhosts:\n  ts02:\n    url: ssh://root@ts02\n');
  });

  test.each([
    ['ts03', 'did you mean ts01 or ts02?'],
    ['nothing-like-it', 'list them: usher hosts list'],
  ])('hosts remove of %s, which is not there, says which are', async (name, hint) => {
    const { code, err } = await run(`hosts remove ${name}`);
    expect([code, err]).toEqual([2, `usher: there is no host '${name}' in ${file}; ${hint}\n`]);
  });

  test('hosts test tells what works and what does not', async () => {
    const failure = new UsherError({ code: 'timeout', message: 'no answer' });
    const { code, out, err } = await run('hosts test', {
      hosts: { ts01: { readings: [[aSession({ id: 10 })]] }, ts02: { failure } },
    });
    expect([code, err]).toEqual([1, 'ts02: no answer\n']);
    expect(out.split('\n').slice(1, 3)).toEqual(['ts01  ok              1    0 ms', 'ts02  timeout         -       -']);
  });

  test('sessions without -s lists it', async () => {
    const { out } = await run('sessions --columns host,id', {
      hosts: { ts02: { readings: [[aSession({ host: 'ts02', id: 7 })]] } },
    });
    expect(out).toBe('HOST  ID\nts02   7\n');
  });

  test('a spoilt inventory is told with its line', async () => {
    await writeFile(file, 'version: 1\nhosts:\n  a: {}\n');
    const { code, err } = await run('sessions');
    expect([code, err.startsWith(`usher: ${file}:3: hosts.a.url`)]).toEqual([2, true]);
  });
});
