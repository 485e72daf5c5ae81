import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { mustRun } from './harness/command.ts';
import { listing, urlOf, usher, type WatchedLine, watching } from './harness/usher.ts';
import { openLab, until } from './lab.ts';

const lab = openLab();
const scratch = mkdtempSync(`${tmpdir()}/usher-lab-test.`);
afterEach(() => lab.reset());
afterAll(() => rmSync(scratch, { recursive: true }));

/** A copy of the lab's home directory, to be changed. */
function homeCopy(name: string): string {
  const home = `${scratch}/${name}`;
  cpSync(lab.home, home, { recursive: true });
  const config = readFileSync(`${home}/.ssh/config`, 'utf8');
  writeFileSync(`${home}/.ssh/config`, config.replaceAll(lab.home, home));
  return home;
}

describe('a dead host', () => {
  test('is one error row while the others list, and the exit code is 1', async () => {
    for (const host of ['xh1', 'xh2']) await lab.host(host).sessionWithoutClient('alice');
    const urls = [urlOf(lab, 'xh1'), urlOf(lab, 'xh2'), `ssh://root@${lab.deadAddress}`];
    const { code, stdout } = await usher(lab, ['sessions', ...urls.flatMap((url) => ['-s', url]), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      sessions: [
        { host: urls[0], user: 'alice' },
        { host: urls[1], user: 'alice' },
      ],
      errors: [{ host: urls[2], code: 'unreachable' }],
    });
  });

  test('alone gives exit code 3', async () => {
    const { code } = await usher(lab, ['sessions', '-s', `ssh://root@${lab.deadAddress}`]);
    expect(code).toBe(3);
  });

  test('that is cut off in the middle of its answer is a timeout', async () => {
    await lab.host('xh2').sessionsWithoutClients(5);
    await lab.host('xh2').link.disturb({ stallAfterBytes: 6000 });
    const { errors } = await listing(lab, [urlOf(lab, 'xh2')], { args: ['--timeout', '3s'] });
    expect(errors).toMatchObject([{ code: 'timeout' }]);
  });

  test('that is frozen is a timeout while the others list', async () => {
    await lab.host('xh1').sessionWithoutClient('alice');
    await lab.host('xh2').freeze();
    const { code, stdout } = await usher(lab, [
      'sessions',
      '--timeout',
      '3s',
      '--json',
      '-s',
      urlOf(lab, 'xh1'),
      '-s',
      urlOf(lab, 'xh2'),
    ]);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { sessions: [{ user: 'alice' }], errors: [{ code: 'timeout' }] },
    ]);
  });
});

describe('who logs on', () => {
  test('with a wrong key is refused, and told what was tried', async () => {
    const home = homeCopy('wrong-key');
    await mustRun('sh', [
      '-c',
      `cd ${home}/.ssh && for f in *.pub; do k=\${f%.pub}; rm -f "$k" "$f"; ssh-keygen -q -t ed25519 -N '' -f "$k"; done; ls`,
    ]);
    const { errors } = await listing(lab, [urlOf(lab, 'xh1')], { home });
    expect(errors).toMatchObject([{ code: 'logon_failed' }]);
  });

  test('at a host whose key has changed is stopped, with the line in known_hosts', async () => {
    const home = homeCopy('changed-key');
    const { address } = lab.host('xh1');
    const known = readFileSync(`${home}/.ssh/known_hosts`, 'utf8').split('\n');
    const other = known.find((line) => line.includes('ssh-ed25519') && !line.includes(address))?.split(' ')[2] ?? '';
    writeFileSync(`${home}/.ssh/known_hosts`, `${address} ssh-ed25519 ${other}\n`);
    const { errors } = await listing(lab, [urlOf(lab, 'xh1')], { home });
    expect(errors).toMatchObject([
      { code: 'host_key_changed', message: expect.stringContaining('known_hosts:1') as unknown },
    ]);
  });

  test('at a host whose key is not known is stopped, and told how to accept it', async () => {
    const home = homeCopy('unknown-key');
    writeFileSync(`${home}/.ssh/known_hosts`, '');
    const { errors } = await listing(lab, [urlOf(lab, 'xh1')], { home });
    expect(errors).toMatchObject([
      { code: 'host_key_unknown', hint: expect.stringContaining('usher hosts add') as unknown },
    ]);
  });

  test('with a password gets in where the host takes one, and it is nowhere in the output', async () => {
    const home = homeCopy('password');
    await mustRun('sh', ['-c', `cd ${home}/.ssh && for f in *.pub; do rm -f "\${f%.pub}" "$f"; done`]);
    await lab.host('xh2').sessionWithoutClient('bob');
    const result = await usher(lab, ['sessions', '--json', '-s', urlOf(lab, 'xh2', 'alice')], {
      home,
      env: { USHER_PASSWORD: 'Passw0rd!' },
    });
    expect(JSON.parse(result.stdout)).toMatchObject({ sessions: [{ user: 'bob' }], errors: [] });
    expect(result.stdout + result.stderr).not.toContain('Passw0rd!');
  });

  test('without root or sudo gets the list, and a note that names the missing columns', async () => {
    await lab.connectClient({ host: 'xh1', user: 'alice' });
    const { sessions, notes } = await listing(lab, [urlOf(lab, 'xh1', 'frank')]);
    expect(sessions).toMatchObject([{ user: 'alice', state: 'active', idleFor: null, memoryBytes: null }]);
    expect(notes.map(({ code }) => code)).toEqual(expect.arrayContaining(['not-root', 'processes-hidden']));
    const missing = notes.find(({ code }) => code === 'not-root')?.columns ?? [];
    expect(missing).toEqual(expect.arrayContaining(['idleFor', 'client.address']));
  });

  test('with sudo that asks nothing gets every column', async () => {
    const { address } = await lab.connectClient({ host: 'xh1', user: 'alice' });
    const { sessions, notes } = await listing(lab, [urlOf(lab, 'xh1', 'dora')]);
    expect([sessions[0]?.client.address, sessions[0]?.idleFor === null, notes]).toEqual([address, false, []]);
  });
});

/** Whether a line of `watch --json` tells one of these changes to one of these states. */
function tells(line: WatchedLine, change: string, state: string): boolean {
  const session = line['session'] as { readonly state?: string } | undefined;
  return change.split('|').includes(String(line['change'])) && state.split('|').includes(String(session?.state));
}

describe('watch', () => {
  test('tells of a logon, a lost client, a reconnect and the end, without a new logon', async () => {
    const logons = async (): Promise<number> =>
      Number(await lab.host('xh1').mustRun('pgrep -c -f "^sshd: root@" || true'));
    await using watch = watching(lab, [urlOf(lab, 'xh1')]);
    await until(async () => (await logons()) === 1);
    let mark = 0;
    /** The first line after those already awaited that tells this of alice's session. */
    const told = async (change: string, state: string): Promise<void> => {
      await until(
        () => {
          const at = watch.lines.findIndex((line, index) => index >= mark && tells(line, change, state));
          if (at >= 0) mark = at + 1;
          return at >= 0;
        },
        { what: `${change} ${state} after ${watch.lines.map(({ change: seen }) => String(seen)).join(', ')}` },
      );
    };

    const first = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await told('appeared|reconnected', 'active');
    await first.kill();
    await told('state-changed', 'disconnected');
    await lab.connectClient({ host: 'xh1', user: 'alice' });
    await told('reconnected', 'active');
    expect(await logons()).toBe(1);
    await lab.host('xh1').endAllSessions();
    await told('ended', 'active|disconnected');
  });

  test('leaves nothing on the host when it ends', async () => {
    const probes = async (): Promise<string> => (await lab.host('xh1').run('pgrep -f "perl -e"')).stdout;
    const watch = watching(lab, [urlOf(lab, 'xh1')]);
    await until(probes);
    await watch[Symbol.asyncDispose]();
    await expect(until(async () => (await probes()) === '')).resolves.toBe(true);
  });
});
