import { afterEach, describe, expect, test } from 'vitest';
import { clickLastButton } from './harness/box.ts';
import { acting, listing, startUsher, urlOf } from './harness/usher.ts';
import { openLab, until } from './lab.ts';

interface Desktop {
  readonly name: string;
  /** What the user's ~/.xsession runs. */
  readonly session: string;
  readonly windowManager: string;
  /** The command that asks its session manager. */
  readonly command: string;
}

const desktops: readonly Desktop[] = [
  { name: 'XFCE', session: 'startxfce4', windowManager: 'xfwm4', command: 'xfce4-session-logout' },
  { name: 'MATE', session: 'mate-session', windowManager: 'marco', command: 'mate-session-save' },
];
/** Without and with systemd's user manager: where a desktop's D-Bus is, and what runs as its service, differ. */
const hosts = ['xh1', 'xs1'];

const lab = openLab();

afterEach(async () => {
  await lab.reset();
  for (const host of hosts) {
    await lab.host(host).mustRun('rm -rf ~alice/.xsession ~alice/.config ~alice/.cache /usr/local/bin/zenity');
  }
});

const usersOn = async (host: string): Promise<readonly (string | null)[]> =>
  (await listing(lab, [urlOf(lab, host)])).sessions.map(({ user }) => user);

/** Opens a session of alice with this desktop, which starts this program. It is there when the program's window is. */
async function openDesktop(host: string, { session, windowManager }: Desktop, program: string): Promise<void> {
  const run = (command: string): Promise<string> => lab.host(host).mustRun(command);
  await run(`printf '#!/bin/sh\\nexec ${session} >/dev/null 2>&1\\n' >~alice/.xsession
    mkdir -p ~alice/.config/autostart
    printf '[Desktop Entry]\\nType=Application\\nName=program\\nExec=${program}\\n' >~alice/.config/autostart/program.desktop
    chown -R alice: ~alice/.config ~alice/.xsession
    chmod 755 ~alice/.xsession`);
  await lab.host(host).sessionWithoutClient('alice');
  await until(() => run(`pgrep -u alice -x ${windowManager}`), { timeoutMs: 40_000, what: windowManager });
  const windowClass = program.split(' ')[0] ?? '';
  await until(async () => (await windowsOf(host)).toLowerCase().includes(windowClass), {
    timeoutMs: 40_000,
    what: `the window of ${program}`,
  });
}

async function windowsOf(host: string): Promise<string> {
  const [session] = await lab.host(host).sessions();
  const asUser = `runuser -u alice -- env HOME=/home/alice DISPLAY=:${session?.display}`;
  return (await lab.host(host).run(`${asUser} xwininfo -root -tree`)).stdout;
}

describe.each(desktops)('$name', (desktop) => {
  test.each(hosts)('log-off on %s goes through its own session manager and is proven', async (host) => {
    await openDesktop(host, desktop, 'xterm');
    const { code, acts } = await acting(lab, ['logoff', 'alice', '-s', urlOf(lab, host)]);
    expect([code, acts]).toMatchObject([
      0,
      [
        {
          outcome: 'ended',
          provedAt: expect.any(String) as string,
          steps: [{ result: `${desktop.command} as the user` }, { result: 'ended' }],
        },
      ],
    ]);
    expect(await usersOn(host)).toEqual([]);
  });

  test('log-off lets a program ask to save, and says that the session is still there', async () => {
    await openDesktop('xh1', desktop, 'featherpad /home/alice/not-saved-yet');
    await until(async () => (await windowsOf('xh1')).includes('not-saved-yet'), { what: 'the file to be open' });
    const args = ['logoff', 'alice', '--patience', '3s', '-s', urlOf(lab, 'xh1')];
    const { code, acts } = await acting(lab, args);
    expect([code, acts]).toMatchObject([
      1,
      [
        {
          outcome: 'failed',
          why: expect.stringMatching(/it is still there, with .*-session/) as string,
          steps: [{ result: `${desktop.command} as the user` }, { result: 'failed' }],
        },
      ],
    ]);
    expect(await windowsOf('xh1')).toMatch(/"FeatherPad": \("featherpad"/);
    expect(await usersOn('xh1')).toEqual(['alice']);
  });
});

test("a service of the user's systemd that was given the session's DISPLAY does not count as left behind", async () => {
  const { display } = await lab.host('xs1').sessionWithoutClient('alice');
  const run = (command: string): Promise<string> => lab.host('xs1').mustRun(command);
  await until(() => run('pgrep -u alice -x openbox'));
  await run(`runuser -u alice -- env XDG_RUNTIME_DIR=/run/user/$(id -u alice) \
    systemd-run --user --setenv=DISPLAY=:${display} --setenv=XRDP_SESSION=1 sleep 300`);
  const { code, acts } = await acting(lab, ['logoff', 'alice', '--patience', '4s', '-s', urlOf(lab, 'xs1')]);
  expect([code, acts]).toMatchObject([0, [{ outcome: 'ended' }]]);
  expect(await run('pgrep -u alice -x sleep')).not.toBe('');
});

test('a message is shown by zenity where the host has it, and answered by a real click', async () => {
  await lab.host('xh1').mustRun('ln -s /usr/bin/zenity.hidden /usr/local/bin/zenity');
  const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
  const args = ['message', 'alice', 'Grüße: may I?', '--ask', 'yes-no', '--title', 'Question', '-s', urlOf(lab, 'xh1')];
  await using running = startUsher(lab, args);
  let code: number | null | undefined;
  void running.ended.then((ended) => (code = ended));
  await running.says(/on the (screen|desktop).*\(zenity\)/);
  await clickLastButton(client, 'Question', () => code !== undefined);
  expect([code, running.output()]).toEqual([0, expect.stringMatching(/alice {2}answered no/) as string]);
});
