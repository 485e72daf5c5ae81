import { afterEach, describe, expect, test } from 'vitest';
import type { HostAct } from '../../src/hosts/act.ts';
import { connectDriver, patience, sessionOf, settled, targetOf, tracked } from './harness/driver.ts';
import { hang } from './harness/hang.ts';
import { openLab, until } from './lab.ts';

const lab = openLab();
afterEach(() => lab.reset());

const connect = (host: string, user?: string) => connectDriver(lab, host, user);

describe.each(['xh1', 'xt1', 'xs1'])('on %s', (host) => {
  test.each<[HostAct['act']]>([['logoff'], ['reset'], ['kill-logon'], ['kill-all']])(
    '%s ends a healthy session, proven by a reading without it, and leaves the others alone',
    async (act) => {
      for (const user of ['alice', 'bob']) await lab.host(host).sessionWithoutClient(user);
      await using connection = await connect(host);
      const bob = await sessionOf(connection, 'bob');
      const target = targetOf(await sessionOf(connection, 'alice'));
      await until(() => lab.host(host).mustRun('pgrep -u alice -x openbox'));
      const { did } = await connection.act(target, { act } as HostAct, patience());
      expect(did.length).toBeGreaterThan(0);
      await settled(connection, target, 'gone');
      expect((await sessionOf(connection, 'bob')).key).toBe(bob.key);
    },
  );

  test('a session that ignores log-off and reset is ended by kill-all, step by step', async () => {
    for (const user of ['alice', 'bob']) await lab.host(host).sessionWithoutClient(user);
    await using connection = await connect(host);
    const alice = await sessionOf(connection, 'alice');
    await hang(lab, host, alice);
    const target = targetOf(await sessionOf(connection, 'alice'));
    await connection.act(target, { act: 'logoff' }, patience());
    expect((await connection.presence(target, patience())).kind).toBe('there');
    await connection.act(target, { act: 'reset' }, patience());
    await settled(connection, target, 'remains');
    await connection.act(target, { act: 'kill-all' }, patience());
    await settled(connection, target, 'gone');
    expect((await sessionOf(connection, 'bob')).state).toBe('disconnected');
  });

  test('a user who logged off and on again is another session: nothing is done', async () => {
    await lab.host(host).sessionWithoutClient('alice');
    await using connection = await connect(host);
    const target = targetOf(await sessionOf(connection, 'alice'));
    await lab.host(host).endAllSessions();
    await lab.host(host).sessionWithoutClient('alice');
    const next = await sessionOf(connection, 'alice');
    for (const act of ['logoff', 'reset', 'kill-logon', 'kill-all', 'disconnect'] as const) {
      await expect(connection.act(target, { act }, patience())).rejects.toMatchObject({ code: 'session_changed' });
    }
    expect((await sessionOf(connection, 'alice')).key).toBe(next.key);
  });
});

describe.each(['xh1', 'xt1', 'xs1'])('over a new connection to %s', (host) => {
  test('what is left is seen, and ended', async () => {
    await lab.host(host).sessionWithoutClient('alice');
    const first = await connect(host);
    const alice = await sessionOf(first, 'alice');
    await hang(lab, host, alice);
    const target = await tracked(first, targetOf(alice));
    await first.act(target, { act: 'reset' }, patience());
    await first[Symbol.asyncDispose]();
    await using second = await connect(host);
    await settled(second, target, 'remains');
    await second.act(target, { act: 'kill-all' }, patience());
    expect(await settled(second, target, 'gone')).toBe(true);
  });

  test('a process without an environment that outlived its session is found by its traces', async () => {
    await lab.host(host).sessionWithoutClient('alice');
    const first = await connect(host);
    const alice = await sessionOf(first, 'alice');
    const hidden = `exec env -i perl -e '$SIG{TERM} = sub {}; sleep 1 while 1' hidden`;
    await lab.host(host).mustRun(`runuser -u alice -- env DISPLAY=:${alice.id} XRDP_SESSION=1 \
      sh -c "(${hidden.replaceAll('$', '\\$')}) & wait" </dev/null >/dev/null 2>&1 &`);
    await until(() => lab.host(host).mustRun('pgrep -u alice -f "[h]idden$"'));
    const target = await tracked(first, targetOf(alice));
    await first.act(target, { act: 'reset' }, patience());
    await first[Symbol.asyncDispose]();
    await using second = await connect(host);
    await settled(second, targetOf(alice), 'unknown');
    expect(await second.presence(target, patience())).toMatchObject({ kind: 'remains', processes: [{ name: 'perl' }] });
    await second.act(target, { act: 'kill-all' }, patience());
    expect(await settled(second, target, 'gone')).toBe(true);
  });
});

describe.each(['xh1', 'xt1', 'xs1'])('a client of %s', (host) => {
  test('is disconnected, its session kept, and does not come back by itself', async () => {
    const client = await lab.connectClient({ host, user: 'alice', args: ['+auto-reconnect'] });
    await using connection = await connect(host);
    const alice = await sessionOf(connection, 'alice');
    await connection.act(targetOf(alice), { act: 'disconnect' }, patience());
    const after = await until(async () => {
      const now = await sessionOf(connection, 'alice');
      return now.state === 'disconnected' && now;
    });
    await until(() => !client.isRunning(), { what: 'the client to give up' });
    expect([after.key, (await sessionOf(connection, 'alice')).state]).toEqual([alice.key, 'disconnected']);
  });

  test('that comes back takes the reason away: nothing is done', async () => {
    const client = await lab.connectClient({ host, user: 'alice' });
    await client.kill();
    await using connection = await connect(host);
    const away = await until(async () => {
      const now = await sessionOf(connection, 'alice');
      return now.state === 'disconnected' && now;
    });
    await lab.connectClient({ host, user: 'alice' });
    const target = { ...targetOf(away), reason: { state: 'disconnected', lastInputAt: null } } as const;
    await expect(connection.act(target, { act: 'logoff' }, patience())).rejects.toMatchObject({
      code: 'session_changed',
    });
    expect((await sessionOf(connection, 'alice')).state).toBe('active');
  });
});

test('an account without rights is refused, and told so', async () => {
  await lab.host('xh1').sessionWithoutClient('alice');
  await using connection = await connect('xh1', 'frank');
  const target = targetOf(await sessionOf(connection, 'alice'));
  await expect(connection.act(target, { act: 'reset' }, patience())).rejects.toMatchObject({ code: 'access_denied' });
  expect((await connection.presence(target, patience())).kind).toBe('there');
});

test('a process is killed by pid and start, and the session leader never is', async () => {
  await lab.host('xh1').sessionWithoutClient('alice');
  await until(() => lab.host('xh1').mustRun('pgrep -u alice -x xterm'));
  await using connection = await connect('xh1');
  const alice = await sessionOf(connection, 'alice');
  const { processes } = await connection.processes(alice.identity, patience());
  const act = async (name: string, start?: string) => {
    const process = processes.find((candidate) => candidate.name === name);
    if (process === undefined) throw new Error(`alice runs no ${name}`);
    const kill = { act: 'kill-process', pid: process.pid, start: start ?? process.start } as const;
    return connection.act(targetOf(alice), kill, patience());
  };
  await expect(act('xterm', '1')).rejects.toMatchObject({ code: 'session_changed' });
  await expect(act('xrdp-sesman')).rejects.toMatchObject({ code: 'access_denied' });
  expect((await act('xterm')).did[0]).toMatch(/^SIGTERM to xterm/);
});

test('a process without an environment that lost its parent between two readings is still known', async () => {
  const host = lab.host('xh1');
  await host.sessionWithoutClient('alice');
  await using connection = await connect('xh1');
  const alice = await sessionOf(connection, 'alice');
  const hidden = `exec env -i perl -e '\\$SIG{TERM} = sub {}; sleep 1 while 1' hidden`;
  await host.mustRun(`runuser -u alice -- env DISPLAY=:${alice.id} XRDP_SESSION=1 \
    sh -c "(${hidden}) & wait; : parent" </dev/null >/dev/null 2>&1 &`);
  await until(() => host.mustRun('pgrep -u alice -f "[h]idden$"'));
  const target = targetOf(alice);
  await connection.presence(target, patience());
  await host.mustRun('kill $(pgrep -u alice -f "^sh -c.*[:] parent")');
  await until(async () => (await host.mustRun('ps -o ppid= -p $(pgrep -u alice -f "[h]idden$")')).trim() === '1');
  await connection.presence(target, patience());
  await host.mustRun('kill $(pgrep -u alice -x openbox)');
  await settled(connection, target, 'remains');
  await connection.act(target, { act: 'kill-all' }, patience());
  expect(await settled(connection, target, 'gone')).toBe(true);
});
