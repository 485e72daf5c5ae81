import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { connectDriver, patience, sessionOf, settled, targetOf, tracked } from './harness/driver.ts';
import { urlOf, usher } from './harness/usher.ts';
import { openLab, until } from './lab.ts';

const lab = openLab();
afterEach(() => lab.reset());

describe('a session leader that hangs after its session', () => {
  const host = lab.host('xh1');
  const leader = (what: string): string => `kill -${what} $(pgrep -x xrdp-sesman | sort -n | tail -1)`;
  afterEach(() => host.run(leader('CONT')));

  test('is told as left, is never killed, and the end says that the host must be restarted', async () => {
    await host.sessionWithoutClient('alice');
    await using connection = await connectDriver(lab, 'xh1');
    const target = await tracked(connection, targetOf(await sessionOf(connection, 'alice')));
    await host.mustRun(leader('STOP'));
    const words = 'end alice --force --patience 1s --yes --json -s'.split(' ');
    const { code, stdout } = await usher(lab, [...words, urlOf(lab, 'xh1')]);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      {
        acts: [
          {
            outcome: 'failed',
            why: expect.stringMatching(
              /: only xrdp-sesman \d+ is left, which is never killed and stopped: to be continued with kill -CONT \d+$/,
            ) as string,
          },
        ],
      },
    ]);
    expect(await connection.presence(target, patience())).toMatchObject({
      kind: 'remains',
      processes: [{ role: 'leader' }],
    });
    await host.mustRun(leader('CONT'));
    expect(await settled(connection, target, 'gone')).toBe(true);
  });
});

describe('loginctl', () => {
  const host = lab.host('xs1');
  const groups = '/sys/fs/cgroup';
  const scopeOf = (user: string): string =>
    `$(sed -n 's:^0.*/user.slice:/user.slice:p' /proc/$(pgrep -u ${user} -x Xorg)/cgroup)`;
  const leaderOf = (user: string): string => `$(ps -o ppid= -p $(pgrep -u ${user} -x Xorg))`;
  const reset = async (): Promise<readonly string[]> => {
    await using connection = await connectDriver(lab, 'xs1');
    const target = targetOf(await sessionOf(connection, 'alice'));
    const { did } = await connection.act(target, { act: 'reset' }, patience());
    expect(await settled(connection, target, 'gone')).toBe(true);
    return did.filter((what) => what.startsWith('loginctl'));
  };

  test('ends the login of a session that is led, and no other login of its user', async () => {
    await host.sessionWithoutClient('alice');
    const ssh = lab.ssh('xs1', 'exec sleep 300', { user: 'alice' });
    await until(() => host.mustRun('pgrep -u alice -x sleep'));
    expect(await reset()).toEqual([expect.stringMatching(/^loginctl terminate-session \S+$/)]);
    expect((await host.run('pgrep -u alice -x sleep')).code).toBe(0);
    await host.mustRun('kill $(pgrep -u alice -x sleep)');
    await ssh;
  });

  test('is not asked where nobody leads the session any more: the scope may be somebody else’s', async () => {
    await host.sessionWithoutClient('alice');
    await host.mustRun(`kill -9 ${leaderOf('alice')}`);
    expect(await reset()).toEqual([]);
  });

  test('is not asked where two sessions share one login', async () => {
    await host.sessionWithoutClient('bob');
    await host.sessionWithoutClient('alice');
    const members = `${leaderOf('alice')} $(pgrep -u alice -x Xorg)`;
    await host.mustRun(`for pid in ${members}; do echo $pid > "${groups}${scopeOf('bob')}/cgroup.procs"; done`);
    expect(await reset()).toEqual([]);
    expect((await host.sessions()).map(({ user }) => user)).toEqual(['bob']);
  });

  test('is no matter of a scope that a user made for himself', async () => {
    await host.sessionWithoutClient('alice');
    const own = `${groups}/user.slice/user-$(id -u alice).slice/user@$(id -u alice).service`;
    await host.mustRun(`forged=${own}/$(basename "${scopeOf('alice')}"); install -d $forged
      sh -c "echo \\$\\$ > $forged/cgroup.procs; exec setpriv --reuid alice --clear-groups sleep 300" </dev/null >/dev/null 2>&1 &`);
    await until(() => host.mustRun('pgrep -u alice -x sleep'));
    await using connection = await connectDriver(lab, 'xs1');
    const target = targetOf(await sessionOf(connection, 'alice'));
    await connection.act(target, { act: 'kill-all' }, patience());
    expect(await settled(connection, target, 'gone')).toBe(true);
    expect((await host.run('pgrep -u alice -x sleep')).code).toBe(0);
    await host.mustRun('kill $(pgrep -u alice -x sleep)');
  });
});

test('a root process in the place of the desktop is nobody’s window manager: log-off goes to the X server', async () => {
  const host = lab.host('xh1');
  const [start, root] = ['~dora/startwm.sh', '/usr/local/bin/become-root'];
  onTestFinished(async () => void (await host.run(`rm -f ${start} ${root}`)));
  await host.mustRun(`install -m 4755 /usr/bin/setpriv ${root}
    printf '#!/bin/sh\\nexec ${root} --reuid 0 --clear-groups sleep 300\\n' > ${start}; chmod 755 ${start}`);
  await host.sessionWithoutClient('dora');
  await until(() => host.mustRun('pgrep -U root -x sleep'));
  await using connection = await connectDriver(lab, 'xh1');
  const target = targetOf(await sessionOf(connection, 'dora'));
  const { did } = await connection.act(target, { act: 'logoff' }, patience());
  expect(did).toEqual([expect.stringMatching(/^SIGTERM to Xorg /)]);
});

describe('an xrdp that serves all clients itself', () => {
  const host = lab.host('xh1');
  const serve = (fork: 'true' | 'false'): Promise<string> =>
    host.mustRun(`sed -i 's/^fork=.*/fork=${fork}/' /etc/xrdp/xrdp.ini
      kill $(cat /run/xrdp/xrdp.pid); while pgrep -x xrdp >/dev/null; do sleep 0.05; done
      xrdp </dev/null >/dev/null 2>&1; while ! ss -ltnH | grep -q ':3389 '; do sleep 0.05; done`);
  afterEach(() => serve('true'));

  test('is never signalled: a disconnect is refused, and says why', async () => {
    await serve('false');
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await using connection = await connectDriver(lab, 'xh1');
    const target = targetOf(await sessionOf(connection, 'alice'));
    await expect(connection.act(target, { act: 'disconnect' }, patience())).rejects.toMatchObject({
      code: 'access_denied',
      message: expect.stringMatching(/fork=false/) as string,
    });
    expect([client.isRunning(), (await sessionOf(connection, 'alice')).state]).toEqual([true, 'active']);
  });
});
