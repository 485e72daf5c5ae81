import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectDriver, patience, sessionOf, settled, targetOf } from './harness/driver.ts';
import { openLab, until } from './lab.ts';

const lab = openLab();
const host = lab.host('xh1');
beforeEach(() => host.mustRun('install -d -m 755 /run/lab/forged && ln -sf /usr/bin/perl /run/lab/forged/Xvnc'));
afterEach(async () => {
  await host.run('kill -9 $(pgrep -f [f]orged-by-a-test)');
  await host.run('rm -rf /run/lab/forged /run/xrdp/sockdir/xrdp_display_77');
  await lab.reset();
});

/** Starts perl as a user, under any program name, and waits until it is there. */
async function forge(
  user: string,
  environment: string,
  perl: string,
  program = '/usr/bin/perl',
  more = '',
): Promise<void> {
  const marked = `${perl}; # forged-by-a-test`;
  await host.mustRun(
    `cd /; runuser -u ${user} -- env ${environment} ${program} -e '${marked}' ${more} </dev/null >/dev/null 2>&1 &`,
  );
  await until(() => host.mustRun(`pgrep -u ${user} -f '[f]orged-by-a-test'`), { what: 'the forged process' });
}

describe('what another user forges', () => {
  test('as an X server of the same display changes nothing of the session, and is nobody’s client', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await using connection = await connectDriver(lab, 'xh1');
    const before = await sessionOf(connection, 'alice');
    await forge('bob', 'XRDP_SESSION=1', 'sleep 300', '/run/lab/forged/Xvnc', `:${client.display}`);
    const { sessions } = await connection.list(patience());
    const [alice, bob] = ['alice', 'bob'].map((user) => sessions.find((session) => session.user === user));
    expect(alice).toMatchObject({ key: before.key, state: 'active', client: before.client });
    expect(bob).toMatchObject({
      state: null,
      client: { name: null, address: null },
      troubles: [{ code: 'orphan' }],
    });
  });

  test('as the socket of a display is not believed', async () => {
    await host.sessionWithoutClient('alice');
    const listen = `use IO::Socket::UNIX; $s = IO::Socket::UNIX->new(Local => "/run/xrdp/sockdir/xrdp_display_77", Listen => 1);
      $c = IO::Socket::UNIX->new("/run/xrdp/sockdir/xrdp_display_77"); sleep 300`;
    await forge('bob', 'A=1', listen);
    await until(() => host.mustRun('ls /run/xrdp/sockdir/xrdp_display_77'));
    await forge('carol', 'XRDP_SESSION=1', 'sleep 300', '/run/lab/forged/Xvnc', ':77');
    await using connection = await connectDriver(lab, 'xh1');
    expect((await sessionOf(connection, 'carol')).state).not.toBe('active');
    expect((await sessionOf(connection, 'alice')).state).toBe('disconnected');
  });

  test('as any number of sessions is cut, said, and costs nobody else’s', async () => {
    await host.sessionWithoutClient('alice');
    const many =
      'for $n (200 .. 245) { next if fork; $ENV{DISPLAY} = ":$n"; exec "/usr/bin/perl", "-e", "sleep 300 # forged-by-a-test" } sleep 300';
    await forge('bob', 'XRDP_SESSION=1', many);
    await until(async () => Number((await host.run('pgrep -u bob -c -f [s]leep.300.#')).stdout) >= 46);
    await using connection = await connectDriver(lab, 'xh1');
    const { sessions, complete, notes } = await connection.list(patience());
    expect(sessions.filter(({ user }) => user === 'bob').length).toBeLessThanOrEqual(32);
    expect(sessions.filter(({ user }) => user === 'alice')).toMatchObject([{ state: 'disconnected' }]);
    expect([complete, notes.map(({ code }) => code)]).toEqual([false, expect.arrayContaining(['crowded'])]);
  });

  test('as its display in the environment joins no session', async () => {
    const { display } = await host.sessionWithoutClient('alice');
    await forge('bob', `XRDP_SESSION=1 DISPLAY=:${display}`, 'sleep 300');
    await using connection = await connectDriver(lab, 'xh1');
    const { processes } = await connection.processes((await sessionOf(connection, 'alice')).identity, patience());
    expect(processes.filter(({ user }) => user === 'bob')).toEqual([]);
    await connection.act(targetOf(await sessionOf(connection, 'alice')), { act: 'kill-all' }, patience());
    expect((await host.run('pgrep -u bob -f [f]orged-by-a-test')).code).toBe(0);
  });
});

describe('a process of the user’s own', () => {
  test('that came by SSH with a forwarded display is not of the session', async () => {
    const { display } = await host.sessionWithoutClient('alice');
    await forge('alice', `DISPLAY=localhost:${display}.0`, 'sleep 300');
    await using connection = await connectDriver(lab, 'xh1');
    const target = targetOf(await sessionOf(connection, 'alice'));
    await connection.act(target, { act: 'kill-all' }, patience());
    expect(await settled(connection, target, 'gone')).toBe(true);
    expect((await host.run('pgrep -u alice -f [f]orged-by-a-test')).code).toBe(0);
  });

  test('in another pid namespace is not of the session', async () => {
    const { display } = await host.sessionWithoutClient('alice');
    const inside = `runuser -u alice -- env XRDP_SESSION=1 DISPLAY=:${display} perl -e 'sleep 300; # forged-by-a-test'`;
    await host.mustRun(`unshare --pid --fork --kill-child ${inside} </dev/null >/dev/null 2>&1 &`);
    await until(() => host.mustRun('pgrep -u alice -f [f]orged-by-a-test'));
    await using connection = await connectDriver(lab, 'xh1');
    const { processes } = await connection.processes((await sessionOf(connection, 'alice')).identity, patience());
    expect(processes.filter(({ command }) => command?.includes('forged-by-a-test'))).toEqual([]);
  });

  test('with a name that is no text is listed', async () => {
    const { display } = await host.sessionWithoutClient('alice');
    const program = String.raw`$'/run/lab/forged/\xed\xa0\x80'`;
    await host.mustRun(`ln -sf /usr/bin/perl ${program}`);
    await forge('alice', `XRDP_SESSION=1 DISPLAY=:${display}`, 'sleep 300', program);
    await using connection = await connectDriver(lab, 'xh1');
    const { processes } = await connection.processes((await sessionOf(connection, 'alice')).identity, patience());
    expect(processes.filter(({ name }) => name === '\u00ed\u00a0\u0080')).toHaveLength(1);
  });

  test.each(['@300000000000', '@-1', '2090-01-01'])(
    'that set the socket’s time to %s tells no time, and costs no row',
    async (time) => {
      const { display } = await host.sessionWithoutClient('alice');
      await host.sessionWithoutClient('bob');
      const socket = `/run/xrdp/sockdir/xrdp_chansrv_socket_${display}`;
      await until(() => host.mustRun(`ls ${socket}`));
      await host.mustRun(`runuser -u alice -- touch -d ${time} ${socket}`);
      await using connection = await connectDriver(lab, 'xh1');
      const { sessions, complete } = await connection.list(patience());
      expect(sessions.map(({ user, disconnectedAt }) => `${user} ${disconnectedAt === null}`)).toEqual([
        'alice true',
        'bob false',
      ]);
      expect(complete).toBe(true);
    },
  );
});

test('two clients that come at once are never given each other’s names', async () => {
  const clients = await Promise.all(
    ['alice', 'bob'].map((user) => lab.connectClient({ host: 'xh2', user, clientName: `PC-OF-${user}` })),
  );
  await using connection = await connectDriver(lab, 'xh2');
  const { sessions } = await connection.list(patience());
  expect(sessions).toHaveLength(clients.length);
  for (const { user, client } of sessions) expect([null, `PC-OF-${user}`]).toContain(client.name);
});

test('an account without rights never takes its list for complete', async () => {
  await host.sessionWithoutClient('alice');
  await host.restartSesman();
  await using connection = await connectDriver(lab, 'xh1', 'frank');
  expect((await connection.list(patience())).complete).toBe(false);
});
