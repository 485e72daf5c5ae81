import { afterEach, describe, expect, test } from 'vitest';
import { boxOf, clickLastButton } from './harness/box.ts';
import { hang } from './harness/hang.ts';
import { acting, type ActsSaid, listing, startUsher, urlOf, usher } from './harness/usher.ts';
import { openLab, until } from './lab.ts';

const lab = openLab();
afterEach(() => lab.reset());

const at = (host: string): readonly string[] => ['-s', urlOf(lab, host)];

/** Runs an act with --json and --yes. */
const act = (...args: readonly string[]): Promise<ActsSaid> => acting(lab, args);

const usersOn = async (host: string): Promise<readonly (string | null)[]> =>
  (await listing(lab, [urlOf(lab, host)])).sessions.map(({ user }) => user);

describe('a message', () => {
  test.each(['xh1', 'xt1'])('on %s is answered by a real click', async (host) => {
    const client = await lab.connectClient({ host, user: 'alice' });
    const args = [
      'message',
      'alice',
      'Grüße, Привет, 漢字: may I?',
      '--ask',
      'yes-no',
      '--title',
      'Question',
      ...at(host),
    ];
    await using running = startUsher(lab, args);
    let code: number | null | undefined;
    void running.ended.then((ended) => (code = ended));
    await running.says(/on the screen \(usher\)/);
    await clickLastButton(client, 'Question', () => code !== undefined);
    expect([code, running.output()]).toEqual([0, expect.stringMatching(/alice {2}answered no/) as string]);
  });

  test('that nobody answers is over in time, and says so', async () => {
    await lab.connectClient({ host: 'xh1', user: 'alice' });
    const { code, acts } = await act('message', 'alice', 'hello', '--wait', '2s', ...at('xh1'));
    expect([code, acts]).toMatchObject([0, [{ outcome: 'shown', why: 'nobody answered in time' }]]);
  });

  test('to a disconnected session is said to be unseen', async () => {
    await lab.host('xh1').sessionWithoutClient('alice');
    const { code, acts } = await act('message', 'alice', 'hello', '--wait', '1s', ...at('xh1'));
    expect([code, acts]).toMatchObject([1, [{ outcome: 'unseen' }]]);
  });

  test('whose text cannot be drawn is said, not mangled', async () => {
    await lab.connectClient({ host: 'xh1', user: 'alice' });
    const { code, acts } = await act('message', 'alice', 'مرحبا', '--wait', '2s', ...at('xh1'));
    expect([code, acts]).toMatchObject([
      1,
      [{ outcome: 'not_shown', why: expect.stringContaining('cannot be drawn') as string }],
    ]);
  });

  test('to a session whose X server is stopped is said not to be shown', async () => {
    await lab.host('xh1').sessionWithoutClient('alice');
    await lab.host('xh1').mustRun('kill -STOP $(pgrep -u alice -x Xorg)');
    const { code, acts } = await act('message', 'alice', 'Grüße', '--wait', '2s', ...at('xh1'));
    expect([code, acts]).toMatchObject([1, [{ outcome: 'not_shown' }]]);
  });
});

describe('usher end', () => {
  test.each(['xh1', 'xt1', 'xs1'])('warns, logs off and proves it on %s', async (host) => {
    for (const user of ['alice', 'bob']) await lab.connectClient({ host, user });
    const began = performance.now();
    await using running = startUsher(lab, ['end', 'alice', '--warn', '5s', '--yes', ...at(host)]);
    await running.says(/the warning is on the screen/);
    expect(await running.ended).toBe(0);
    expect(performance.now() - began).toBeGreaterThan(5000);
    expect(running.output()).toMatch(/alice {2}ended: gone, re-read \d\d:\d\d:\d\d/);
    expect(await usersOn(host)).toEqual(['bob']);
  });

  test('is told "log off now" by a click, and does', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await using running = startUsher(lab, ['end', 'alice', '--warn', '5m', '--yes', ...at('xh1')]);
    await running.says(/the warning is on the screen/);
    await clickLastButton(client, 'Your session will be ended', () => running.output().includes('answered: now'));
    expect(await running.ended).toBe(0);
    expect(await usersOn('xh1')).toEqual([]);
  });

  test('grants the time that the user asks for, as often as it may', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    const args = ['end', 'alice', '--warn', '5m', '--extend', '1h', '--yes', ...at('xh1')];
    await using running = startUsher(lab, args);
    await running.says(/the warning is on the screen/);
    const { left, right, bottom } = await boxOf(client, 'Your session will be ended');
    for (let x = right - 160; x > left && !running.output().includes('1h 00m more'); x -= 40) {
      await until(() => running.output() !== '', { everyMs: 600 });
      await client.click(x, bottom - 34);
      await until(() => running.output().includes('1h 00m more'), { timeoutMs: 700 }).catch(() => false);
    }
    await running.says(/warning: answered: 1h 00m more/);
    running.interrupt();
    expect(await running.ended).toBe(130);
    expect(running.output()).toMatch(/cancelled: during the warning: nothing was done; the warning was taken back/);
    expect(await usersOn('xh1')).toEqual(['alice']);
  });

  test('is called off when an idle user comes back', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await until(async () => ((await listing(lab, [urlOf(lab, 'xh1')])).sessions[0]?.idleFor ?? 0) >= 3);
    await using running = startUsher(lab, ['end', 'alice', '--warn', '5m', '--unless-back', '--yes', ...at('xh1')]);
    await running.says(/the warning is on the screen/);
    await client.click(5, 590);
    expect(await running.ended).toBe(1);
    expect(running.output()).toMatch(/came back: its user gave input/);
    expect(await usersOn('xh1')).toEqual(['alice']);
  });
});

describe('usher end', () => {
  test.each(['xh1', 'xt1', 'xs1'])(
    'without force fails on a hung session of %s and names what hangs; with it, ends it',
    async (host) => {
      for (const user of ['alice', 'bob']) await lab.host(host).sessionWithoutClient(user);
      const [alice] = (await listing(lab, [urlOf(lab, host)])).sessions;
      await hang(lab, host, { id: alice?.id ?? 0 });
      const polite = await act('end', 'alice', '--patience', '1s', ...at(host));
      expect(polite).toMatchObject({
        code: 1,
        acts: [
          {
            outcome: 'failed',
            why: expect.stringMatching(/log-off: it is still there: openbox \d+ \(stopped/) as string,
          },
        ],
      });
      const forced = await act('end', 'alice', '--patience', '2s', '--force', ...at(host));
      expect(forced).toMatchObject({ code: 0, acts: [{ outcome: 'ended' }] });
      expect(forced.acts[0]?.provedAt).not.toBeNull();
      expect(await usersOn(host)).toEqual(['bob']);
    },
  );

  test('ends an orphan after sesman was restarted', async () => {
    await lab.host('xh1').sessionWithoutClient('alice');
    await lab.host('xh1').restartSesman();
    expect(await act('end', 'alice', ...at('xh1'))).toMatchObject({ code: 0, acts: [{ outcome: 'ended' }] });
    expect(await usersOn('xh1')).toEqual([]);
  });

  test('does nothing with --dry-run, and says what it would do', async () => {
    await lab.host('xh1').sessionWithoutClient('alice');
    const { code, stdout } = await usher(lab, ['end', 'alice', '--dry-run', '--force', ...at('xh1')]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/alice[\s\S]*It would: .*kill of all that is left/) as string,
    ]);
    expect(await usersOn('xh1')).toEqual(['alice']);
  });
});

describe('a host that goes away in the middle of', () => {
  const quick = ['--timeout', '4s', '--patience', '5s', '--settle', '60s'];

  test.each([
    [['logoff'], 'log-off', /failed: log-off: it is still there/],
    [['reset'], 'reset', /failed: reset: processes are left/],
    [['kill', '--logon-process'], 'kill of the logon process', /failed: kill of the logon process: processes are left/],
    [['kill', '--all'], 'kill of all that is left', /ended: gone, re-read/],
  ])('%s leaves it unknown, and it is settled when the host is back', async (command, step, truth) => {
    const host = lab.host('xh1');
    await host.sessionWithoutClient('alice');
    const [alice] = (await listing(lab, [urlOf(lab, 'xh1')])).sessions;
    await hang(lab, 'xh1', { id: alice?.id ?? 0 });
    // The one step that a hung session cannot outlast takes its time with an X server that is stopped.
    if (command.includes('--all')) await host.mustRun('kill -STOP $(pgrep -u alice -x Xorg)');
    await using running = startUsher(lab, [...command, 'alice', ...quick, '--yes', ...at('xh1')]);
    await running.says(new RegExp(`trying ${step}`));
    await host.link.down();
    await running.says(/unknown: .*looking again/, 60_000);
    await host.link.up();
    await expect(running.says(truth, 60_000)).resolves.toBe(true);
  });
});

test('several sessions are acted on after one question, and some that fail make the exit code 1', async () => {
  for (const user of ['alice', 'bob', 'carol']) await lab.host('xh1').sessionWithoutClient(user);
  const [alice] = (await listing(lab, [urlOf(lab, 'xh1')])).sessions;
  await hang(lab, 'xh1', { id: alice?.id ?? 0 });
  const unasked = await usher(lab, ['logoff', '--state', 'disconnected', ...at('xh1')]);
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringMatching(/3 sessions were chosen/) as string]);
  const { code, acts } = await act('logoff', '--state', 'disconnected', '--patience', '2s', ...at('xh1'));
  expect([code, acts.map(({ user, outcome }) => `${user} ${outcome}`).toSorted()]).toEqual([
    1,
    ['alice failed', 'bob ended', 'carol ended'],
  ]);
  const ceiling = await usher(lab, ['logoff', '--user', '*', '--at-most', '0', ...at('xh1')]);
  expect(ceiling.code).toBe(2);
});

test('a screen is unfrozen: disconnected, and the user seen back', async () => {
  const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
  await using running = startUsher(lab, ['unfreeze', 'alice', '--wait', '60s', ...at('xh1')]);
  await running.says(/waiting until the user is back/);
  await until(() => !client.isRunning(), { what: 'the client to end' });
  await lab.connectClient({ host: 'xh1', user: 'alice' });
  expect(await running.ended).toBe(0);
  expect(running.output()).toMatch(/reconnected: the user is back/);
});

test('one process is killed and seen gone, and the session goes on', async () => {
  await lab.host('xh1').sessionWithoutClient('alice');
  const pid = (await until(() => lab.host('xh1').mustRun('pgrep -u alice -x xterm'))).trim();
  const { code, acts } = await act('kill', 'alice', '--pid', pid, ...at('xh1'));
  expect([code, acts]).toMatchObject([0, [{ outcome: 'killed' }]]);
  expect(await usersOn('xh1')).toEqual(['alice']);
});

test('an id that is someone else’s by now is refused by --expect-user, and so is a key', async () => {
  const host = lab.host('xh1');
  const { display } = await host.sessionWithoutClient('alice');
  const [alice] = (await listing(lab, [urlOf(lab, 'xh1')])).sessions;
  await host.endAllSessions();
  await host.sessionWithoutClient('bob');
  const byId = await usher(lab, ['logoff', `${display}`, '--expect-user', 'alice', ...at('xh1')]);
  expect([byId.code, byId.stderr]).toEqual([
    4,
    expect.stringMatching(/bob's and not alice's: nothing was done/) as string,
  ]);
  const byKey = await usher(lab, ['logoff', alice?.key ?? '', ...at('xh1')]);
  expect([byKey.code, byKey.stderr]).toEqual([4, expect.stringMatching(/not there any more/) as string]);
  expect(await usersOn('xh1')).toEqual(['bob']);
});
