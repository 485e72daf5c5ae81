import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { mustRun } from './harness/command.ts';
import { urlOf, usher, type UsherOptions } from './harness/usher.ts';
import { openLab, until } from './lab.ts';

const lab = openLab();
const scratch = mkdtempSync(`${tmpdir()}/usher-lab-doctor.`);
const undo: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
  await lab.reset();
});
afterAll(() => rmSync(scratch, { recursive: true }));

interface FindingRow {
  readonly check: string;
  readonly of: string | null;
  readonly verdict: string;
  readonly summary: string;
  readonly meaning: string | null;
  readonly mends: readonly { readonly where: string; readonly paste: string }[];
  readonly details: readonly string[];
}

interface Examined {
  readonly code: number | null;
  readonly hosts: readonly {
    readonly host: string;
    readonly verdict: string;
    readonly findings: readonly FindingRow[];
  }[];
  readonly errors: readonly { readonly host: string; readonly code: string }[];
  readonly output: string;
}

async function doctor(hosts: readonly string[], options: UsherOptions = {}): Promise<Examined> {
  const { code, stdout, stderr } = await usher(lab, ['doctor', ...hosts, '--json', ...(options.args ?? [])], options);
  if (stdout === '') throw new Error(`usher doctor ended with ${code}: ${stderr}`);
  return { code, output: stdout + stderr, ...(JSON.parse(stdout) as Omit<Examined, 'code' | 'output'>) };
}

/** What is not as it should be, as `check verdict`. */
const faults = ({ hosts }: Examined): readonly string[] =>
  hosts.flatMap(({ findings }) =>
    findings.filter(({ verdict }) => verdict !== 'ok').map(({ check, verdict }) => `${check} ${verdict}`),
  );

function found({ hosts }: Examined, check: string, of: string | null = null): FindingRow {
  const one = hosts.flatMap(({ findings }) => findings).find((row) => row.check === check && row.of === of);
  if (one === undefined) throw new Error(`no finding of ${check} ${of ?? ''}`);
  return one;
}

/** Does this to a host, and takes it back after the test. */
async function change(host: string, command: string, back: string): Promise<void> {
  undo.push(() => lab.host(host).mustRun(back));
  await lab.host(host).mustRun(command);
}

/** A copy of the lab's home directory, to be changed. */
function homeCopy(name: string): string {
  const home = `${scratch}/${name}`;
  cpSync(lab.home, home, { recursive: true });
  const config = readFileSync(`${home}/.ssh/config`, 'utf8');
  writeFileSync(`${home}/.ssh/config`, config.replaceAll(lab.home, home));
  return home;
}

/** One without a key. */
function keylessHome(name: string): string {
  const home = homeCopy(name);
  rmSync(`${home}/.ssh/id_ed25519`);
  rmSync(`${home}/.ssh/id_ed25519.pub`);
  return home;
}

describe('a healthy host', () => {
  test.each(['xh1', 'xh2', 'xv1', 'xt1', 'xs1'])('%s is ok in all, with a session on it', async (host) => {
    await lab.host(host).sessionWithoutClient('alice');
    const examined = await doctor([urlOf(lab, host)]);
    expect([faults(examined), examined.code, examined.errors]).toEqual([[], 0, []]);
    expect(found(examined, 'sessions').summary).toBe('1 listed: 1 disconnected');
  });

  test('with systemd has a scope for each session, and its desktop is asked to log off over its bus', async () => {
    await change(
      'xs1',
      `printf '#!/bin/sh\\nexec startxfce4 >/dev/null 2>&1\\n' >~alice/.xsession; chown alice: ~alice/.xsession; chmod 755 ~alice/.xsession`,
      'rm -rf ~alice/.xsession ~alice/.config ~alice/.cache',
    );
    await lab.host('xs1').sessionWithoutClient('alice');
    await until(() => lab.host('xs1').mustRun('pgrep -u alice -x xfwm4'), { timeoutMs: 40_000, what: 'xfwm4' });
    const examined = await doctor([urlOf(lab, 'xs1')]);
    expect(faults(examined)).toEqual([]);
    expect(found(examined, 'scopes').summary).toBe('every session has a scope of its own');
    expect(found(examined, 'session-bus').verdict).toBe('ok');
    expect(found(examined, 'log-off').summary).toContain('xfce4-session-logout');
  });

  test('is left as it was: no file is written but logs, and no process stays', async () => {
    // All that the host ever wrote is in the upper directory of its file system.
    const upper = `${lab.directory}/hosts/xh1/up`;
    writeFileSync(`${scratch}/stamp`, '');
    await doctor([urlOf(lab, 'xh1', 'dora')]);
    const written = await mustRun('find', [upper, '-type', 'f', '-newer', `${scratch}/stamp`]);
    expect(written.split('\n').filter((file) => file !== '' && !file.startsWith(`${upper}/var/log/`))).toEqual([]);
    await expect(until(async () => (await lab.host('xh1').run('pgrep -f "perl -e"')).stdout === '')).resolves.toBe(
      true,
    );
  });

  test('is told for people with the verdict first', async () => {
    const { code, stdout } = await usher(lab, ['doctor', urlOf(lab, 'xh1')]);
    const [first, second] = stdout.split('\n');
    expect([code, first]).toEqual([0, `${urlOf(lab, 'xh1')}: works`]);
    expect(second).toMatch(/^ {2}ok {6}name /);
  });
});

describe('the way', () => {
  test('to a host that is off, and to a port that is closed, ends at the port', async () => {
    const { address } = lab.host('xh1');
    const examined = await doctor([`ssh://root@${lab.deadAddress}`, `ssh://root@${address}:81`]);
    expect([examined.code, faults(examined)]).toEqual([3, ['port problem', 'port problem']]);
    expect(examined.errors.map(({ code }) => code)).toEqual(['unreachable', 'unreachable']);
  });

  test('to a host that drops what is sent ends at the port as well', async () => {
    await lab.host('xh2').link.down();
    const examined = await doctor([urlOf(lab, 'xh2')]);
    expect([examined.code, faults(examined)]).toEqual([3, ['port problem']]);
  });

  test('to a host that is frozen is given up in time, with what was found before', async () => {
    await lab.host('xh2').freeze();
    const examined = await doctor([urlOf(lab, 'xh2')], { args: ['--timeout', '3s'] });
    expect([examined.code, faults(examined), found(examined, 'port').verdict]).toEqual([3, ['time problem'], 'ok']);
  });
});

describe('a host key', () => {
  test('that is not known has the command that accepts it, which works', async () => {
    const home = homeCopy('unknown-key');
    writeFileSync(`${home}/.ssh/known_hosts`, '');
    const examined = await doctor([urlOf(lab, 'xh1')], { home });
    expect([examined.code, faults(examined)]).toEqual([3, ['host-key problem']]);
    const [itself, accept] = found(examined, 'host-key').mends;
    expect(accept?.paste).toBe(`usher hosts add NAME ${urlOf(lab, 'xh1')}`);
    const shown = /SHA256:\S+/.exec(found(examined, 'host-key').details[0] ?? '')?.[0] ?? '';
    expect(await lab.host('xh1').mustRun(itself?.paste ?? '')).toContain(shown);
    const words = (accept?.paste ?? '')
      .split(' ')
      .slice(1)
      .map((word) => (word === 'NAME' ? 'xh1' : word));
    await usher(lab, [...words, '--accept-fingerprint', shown], { home });
    expect(faults(await doctor(['xh1'], { home }))).toEqual([]);
  });

  test('that changed has both fingerprints and the line in known_hosts', async () => {
    const home = homeCopy('changed-key');
    const { address } = lab.host('xh1');
    const known = readFileSync(`${home}/.ssh/known_hosts`, 'utf8').split('\n');
    const other = known.find((line) => line.includes('ssh-ed25519') && !line.includes(address))?.split(' ')[2] ?? '';
    writeFileSync(`${home}/.ssh/known_hosts`, `${address} ssh-ed25519 ${other}\n`);
    const examined = await doctor([urlOf(lab, 'xh1')], { home });
    expect(examined.errors).toMatchObject([{ code: 'host_key_changed' }]);
    expect(found(examined, 'host-key').details[1]).toMatch(/^known: SHA256:\S+ \(.*known_hosts:1\)$/);
  });
});

describe('a logon', () => {
  test('with a wrong password is refused once, and rests for the other host', async () => {
    const urls = [urlOf(lab, 'xh2', 'alice'), `${urlOf(lab, 'xh2', 'alice')}:22`];
    const examined = await doctor(urls, { home: keylessHome('wrong-password'), env: { USHER_PASSWORD: 'wrong' } });
    expect([examined.code, faults(examined)]).toEqual([3, ['logon problem', 'logon problem']]);
    expect(examined.errors.map(({ code }) => code).toSorted()).toEqual(['credential_rested', 'logon_failed']);
  });

  test('with the right password is told as that, and the password is nowhere', async () => {
    const examined = await doctor([urlOf(lab, 'xh2', 'alice')], {
      home: keylessHome('right-password'),
      env: { USHER_PASSWORD: 'Passw0rd!' },
    });
    expect(found(examined, 'logon').summary).toBe('alice is logged on with a password');
    expect(examined.output).not.toContain('Passw0rd!');
  });

  test('without a key or password says what the host takes', async () => {
    const examined = await doctor([urlOf(lab, 'xh1')], { home: keylessHome('nothing') });
    expect([examined.code, found(examined, 'logon').details[0]]).toEqual([3, 'the host takes: publickey']);
  });
});

describe('an account', () => {
  test('that may not become root is told with the line of sudoers that mends it, and then is well', async () => {
    const url = urlOf(lab, 'xh1', 'frank');
    const examined = await doctor([url]);
    expect([examined.code, faults(examined)]).toEqual([1, ['sudo problem', 'processes warning', 'sessions warning']]);
    const [allow] = found(examined, 'sudo').mends;
    expect(allow?.where).toContain('visudo -f /etc/sudoers.d/usher');
    await change('xh1', `echo '${allow?.paste ?? ''}' >/etc/sudoers.d/usher`, 'rm -f /etc/sudoers.d/usher');
    await lab.host('xh1').mustRun('visudo -cf /etc/sudoers.d/usher');
    const mended = await doctor([url]);
    expect([mended.code, faults(mended)]).toEqual([0, []]);
  });

  test('that sudo lets run something else is forbidden perl', async () => {
    await change(
      'xh1',
      "echo 'frank ALL=(root) NOPASSWD: /usr/bin/ls' >/etc/sudoers.d/usher",
      'rm -f /etc/sudoers.d/usher',
    );
    const { summary } = found(await doctor([urlOf(lab, 'xh1', 'frank')]), 'sudo');
    expect(summary).toBe('sudo forbids frank to run perl as root');
  });

  test.each([
    ['Passw0rd!', 0, 'erik becomes root by sudo, with its password'],
    ['wrong', 1, 'sudo did not take the password of erik'],
  ])('whose sudo is given %s ends with %s: %s', async (password, code, summary) => {
    const home = homeCopy(`sudo-${code}`);
    writeFileSync(
      `${home}/inventory.yaml`,
      `version: 1\ncredentials:\n  erik: { sudoPasswordEnv: SUDO_PASSWORD }\nhosts:\n  xh1: { url: '${urlOf(lab, 'xh1', 'erik')}', credential: erik }\n`,
    );
    const args = ['--inventory', `${home}/inventory.yaml`];
    const examined = await doctor(['xh1'], { home, args, env: { SUDO_PASSWORD: password } });
    expect([examined.code, found(examined, 'sudo').summary]).toEqual([code, summary]);
    expect(examined.output).not.toContain(`"${password}"`);
  });

  test('from whom /proc is hidden is told how to show it', async () => {
    await change('xh1', 'mount -o remount,hidepid=2 /proc', 'mount -o remount,hidepid=0 /proc');
    const { verdict, summary } = found(await doctor([urlOf(lab, 'xh1', 'frank')]), 'processes');
    expect([verdict, summary]).toEqual(['problem', expect.stringMatching(/hidepid=(?:2|invisible)/)]);
  });
});

describe('on the host', () => {
  test('perl that is missing is told with the package that holds it', async () => {
    await change('xh1', 'mv /usr/bin/perl /usr/bin/perl.away', 'mv /usr/bin/perl.away /usr/bin/perl');
    const examined = await doctor([urlOf(lab, 'xh1')]);
    expect([examined.code, faults(examined)]).toEqual([1, ['perl problem']]);
    expect(found(examined, 'perl').mends[0]?.paste).toContain('apt install perl-base');
  });

  test.each([
    ['xh1', 'kill "$(cat /run/xrdp/xrdp-sesman.pid)"'],
    ['xs1', 'systemctl stop xrdp-sesman'],
  ])('of %s a sesman that is stopped is a problem, and its mend starts it', async (host, stop) => {
    await lab.host(host).sessionWithoutClient('alice');
    await change(host, stop, '/run/lab/restart-sesman.sh');
    await until(async () => (await lab.host(host).run("ss -ltnH 'sport = :3350'")).stdout === '', {
      what: 'the end of sesman',
    });
    const examined = await doctor([urlOf(lab, host)]);
    expect([examined.code, found(examined, 'sesman').verdict]).toEqual([1, 'problem']);
    undo.pop();
    await lab.host(host).mustRun(found(examined, 'sesman').mends[0]?.paste ?? '');
    await until(async () => found(await doctor([urlOf(lab, host)]), 'sesman').verdict === 'ok', {
      what: 'sesman to run',
    });
  });

  test('an xrdp that is stopped is a problem', async () => {
    await change('xs1', 'systemctl stop xrdp', 'systemctl start xrdp-sesman xrdp');
    expect(found(await doctor([urlOf(lab, 'xs1')]), 'xrdp')).toMatchObject({
      verdict: 'problem',
      mends: [{ paste: 'systemctl enable --now xrdp' }, {}],
    });
  });

  test('limits of xrdp’s own are warnings, in words', async () => {
    await change(
      'xh1',
      `cp /etc/xrdp/sesman.ini /run/lab/sesman.ini
       sed -i -e 's/^KillDisconnected=.*/KillDisconnected=true/' -e 's/^DisconnectedTimeLimit=.*/DisconnectedTimeLimit=600/' \\
         -e 's/^IdleTimeLimit=.*/IdleTimeLimit=1800/' -e 's/^MaxSessions=.*/MaxSessions=1/' /etc/xrdp/sesman.ini`,
      'cp /run/lab/sesman.ini /etc/xrdp/sesman.ini',
    );
    await lab.host('xh1').sessionWithoutClient('alice');
    const examined = await doctor([urlOf(lab, 'xh1')]);
    expect(['disconnected', 'idle', 'sessions'].map((of) => found(examined, 'limit', of).summary)).toEqual([
      'xrdp kills a disconnected session after 10m 00s',
      'xrdp disconnects a session after 30m 00s without input',
      'all 1 sessions are in use',
    ]);
  });

  test('a lock file that was left behind is told with the command that removes it, which works', async () => {
    await change('xh1', 'echo "   4000000" >/tmp/.X77-lock', 'rm -f /tmp/.X77-lock');
    const { mends } = found(await doctor([urlOf(lab, 'xh1')]), 'list', 'stale-display-locks');
    await lab.host('xh1').mustRun(mends[0]?.paste ?? 'false');
    expect(faults(await doctor([urlOf(lab, 'xh1')]))).toEqual([]);
  });
});

test('this machine itself is examined without a logon', async () => {
  const examined = await doctor(['local:']);
  expect(['logon', 'perl', 'root'].map((check) => found(examined, check).verdict)).toEqual(['ok', 'ok', 'ok']);
});
