import { describe, expect, test } from 'vitest';
import { finding } from '../hosts/finding.ts';
import { UsherError } from '../sessions/errors.ts';
import { type Setting, usher } from './testing/usher.ts';

const host = 'ssh://root@xh1';
const port = finding('port', 'ok', 'port 22 of xh1 answers', { details: ['SSH-2.0-OpenSSH_9.2'] });
const logon = finding('logon', 'ok', 'root is logged on with the key id_ed25519', {
  meaning: 'Nothing stands in the way.',
});
const clock = finding('clock', 'warning', "the host's clock is 4 min ahead of this machine's", {
  meaning: 'Idle times and working hours are reckoned with the host’s own clock, so rules act early there.',
  mends: [{ where: 'on the host, as root', paste: 'timedatectl set-ntp true' }],
  details: ['host 12:04:00Z'],
});
const sudo = finding('sudo', 'problem', 'frank may not become root: frank is not in the sudoers file', {
  meaning: 'Without root the idle time, the client and the memory of other sessions are not known.',
  mends: [
    {
      where: 'on the host, as root, with visudo -f /etc/sudoers.d/usher',
      paste: 'frank ALL=(root) NOPASSWD: /usr/bin/perl\n# a second line',
    },
  ],
});
const closed = finding('port', 'problem', 'port 22 is closed', {
  meaning: 'Nothing listens there.',
  error: new UsherError({ code: 'unreachable', message: 'nothing listens at xh1 port 22' }),
});

const doctor = (findings: Setting['hosts'], words: readonly string[] = [], setting: Setting = {}) =>
  usher(['doctor', host, ...words], { hosts: findings ?? {}, ...setting });

describe('on a pipe', () => {
  test('the verdict comes first, then a line for each finding, then what it means and how it is mended', async () => {
    const { code, out } = await doctor({ [host]: { findings: [port, logon, clock] } });
    expect(code).toBe(0);
    expect(out).toBe(`${host}: works, with 1 warning
  ok      port                             port 22 of xh1 answers
  ok      logon                            root is logged on with the key id_ed25519
  warning clock                            the host's clock is 4 min ahead of this machine's

warning: clock: the host's clock is 4 min ahead of this machine's
    Idle times and working hours are reckoned with the host’s own clock, so
    rules act early there.
    → on the host, as root:
        timedatectl set-ntp true
    host 12:04:00Z
`);
  });

  test('each line of what is to be pasted stands for itself', async () => {
    const { out } = await doctor({ [host]: { findings: [logon, sudo] } });
    expect(out).toContain('\n        frank ALL=(root) NOPASSWD: /usr/bin/perl\n        # a second line\n');
  });

  test('--verbose tells what is as it should be in full too', async () => {
    const { out } = await doctor({ [host]: { findings: [port, logon] } }, ['--verbose']);
    expect(out).toContain('ok: port: port 22 of xh1 answers\n    SSH-2.0-OpenSSH_9.2\n');
  });

  test('--quiet is the verdict alone', async () => {
    const { out } = await doctor({ [host]: { findings: [logon, clock] } }, ['--quiet']);
    expect(out).toBe(`${host}: works, with 1 warning\n`);
  });

  test('what a host says cannot steer a terminal', async () => {
    const evil = finding('logon', 'warning', 'a\u001b[2Jb', { meaning: 'c\u001bd', details: ['e\u0007'] });
    const { out } = await doctor({
      [host]: { findings: [{ ...evil, mends: [{ where: 'f\u001b', paste: 'g\u001b' }] }] },
    });
    expect(['\u0007', '\u001b'].filter((character) => out.includes(character))).toEqual([]);
  });
});

describe('on a terminal', () => {
  test('findings of one host come as they are found, and the verdict after them', async () => {
    const { out } = await doctor({ [host]: { findings: [port, logon] } }, [], { columns: 80, env: { NO_COLOR: '1' } });
    expect(out).toBe(`  ✓ port                      port 22 of xh1 answers
  ✓ logon                     root is logged on with the key id_ed25519

${host}: works
`);
  });

  test('no line is wider than it, but for what is to be pasted', async () => {
    const { out } = await doctor({ [host]: { findings: [port, logon, clock, sudo] } }, [], {
      columns: 60,
      env: { NO_COLOR: '1' },
    });
    expect(out.split('\n').filter((line) => line.length > 60)).toEqual([]);
  });

  test('signs are in colour', async () => {
    const { out } = await doctor({ [host]: { findings: [logon] } }, [], { columns: 80 });
    expect(out).toContain('\u001b[32m✓\u001b[39m');
  });
});

const right = (of: string, verdict: 'problem' | 'unknown', meaning: string) => ({
  ...finding('right', verdict, `alice and the right "${of}"`, { meaning, details: ['by the value Security'] }),
  of,
});

describe('findings that are alike', () => {
  test('and mean the same are one paragraph', async () => {
    const same = ['reset', 'log off'].map((of) => right(of, 'unknown', 'The host says nobody’s rights.'));
    const { out } = await doctor({ [host]: { findings: [logon, ...same] } });
    expect(out).toContain(`
unknown: right reset: alice and the right "reset"
unknown: right log off: alice and the right "log off"
    The host says nobody’s rights.
    by the value Security
`);
  });

  test('and are mended by the same are one paragraph, with what each means', async () => {
    const mends = [{ where: 'on the host', paste: 'Add-LocalGroupMember' }];
    const same = ['reset', 'log off'].map((of) => ({ ...right(of, 'problem', `By it Usher does ${of}.`), mends }));
    const { out } = await doctor({ [host]: { findings: [logon, ...same] } });
    expect(out.split('Add-LocalGroupMember')).toHaveLength(2);
    expect(out).toMatch(/By it Usher does reset\.\n +By it Usher does log off\./);
  });

  test('but not of one verdict stay apart', async () => {
    const findings = [logon, right('reset', 'unknown', 'M.'), right('log off', 'problem', 'M.')];
    const { out } = await doctor({ [host]: { findings } });
    expect(out.split('    M.\n')).toHaveLength(3);
  });
});

describe('a long name of what was looked at', () => {
  const pipe = { ...finding('right', 'ok', 'alice has it, as Administrators'), of: 'query information (Console)' };

  test('has a line of its own on a terminal, and what was found stands in its column', async () => {
    const { out } = await doctor({ [host]: { findings: [logon, pipe] } }, [], { columns: 80, env: { NO_COLOR: '1' } });
    expect(out).toContain(`  ✓ right query information (Console)\n${' '.repeat(30)}alice has it, as Administrators\n`);
  });
});

describe('the one line and the exit code', () => {
  test.each([
    ['nothing wrong', [logon], 0, 'works'],
    [
      'nothing wrong as far as is known, but no right to act is known',
      [logon, clock, finding('right', 'unknown', 'what alice may do to sessions is not known')],
      0,
      'works, but what alice may do to sessions is not known, with 1 warning',
    ],
    [
      'warnings and what is not known',
      [logon, clock, clock, finding('limit', 'unknown', 'not readable')],
      0,
      'works, with 2 warnings and 1 unknown',
    ],
    [
      'a problem after the logon',
      [logon, sudo, clock, { ...sudo, summary: 'other' }],
      1,
      `logged on, but ${sudo.summary} (1 more problem, 1 warning)`,
    ],
    ['no way there', [closed], 3, 'cannot be reached: port 22 is closed'],
    [
      'a refused logon',
      [port, finding('logon', 'problem', 'the password of root is wrong')],
      3,
      'cannot be logged on to: the password of root is wrong',
    ],
  ])('%s', async (_what, findings, expected, line) => {
    const { code, out } = await doctor({ [host]: { findings } }, ['--quiet']);
    expect([code, out]).toEqual([expected, `${host}: ${line}\n`]);
  });

  test('of several hosts is 1 where some are well', async () => {
    const { code } = await doctor({ [host]: { findings: [closed] }, 'ssh://root@xh2': { findings: [logon] } }, [
      'ssh://root@xh2',
    ]);
    expect(code).toBe(1);
  });

  test('of several hosts is 3 where none can be used', async () => {
    const { code } = await doctor({ [host]: { findings: [closed] }, 'ssh://root@xh2': { findings: [closed] } }, [
      '-s',
      'ssh://root@xh2',
    ]);
    expect(code).toBe(3);
  });

  test('--all examines every host of the inventory', async () => {
    const inventory = new URL('./testing/one-simulated.yaml', import.meta.url).pathname;
    const hosts = { 'sim-a': { findings: [port] }, b: { findings: [port] } };
    const { out } = await usher(`doctor --all --json --inventory ${inventory}`, { hosts });
    expect(JSON.parse(out)).toMatchObject({ hosts: [{ host: 'sim-a' }, { host: 'b' }] });
  });

  test('without a host is wrong use', async () => {
    const { code, err } = await usher('doctor');
    expect([code, err]).toEqual([2, 'usher: no host is named; name one: usher doctor HOST, or --all\n']);
  });
});

test('--json is one document, in the order in which hosts were named', async () => {
  const { code, out } = await doctor(
    { [host]: { findings: [closed] }, 'ssh://root@xh2': { findings: [logon, clock] } },
    ['ssh://root@xh2', '--json'],
  );
  expect([code, JSON.parse(out)]).toMatchObject([
    1,
    {
      hosts: [
        {
          host,
          verdict: 'unreachable',
          findings: [{ check: 'port', verdict: 'problem', error: { code: 'unreachable' } }],
        },
        {
          host: 'ssh://root@xh2',
          verdict: 'works',
          findings: [{ check: 'logon', of: null, error: null }, { mends: clock.mends }],
        },
      ],
      errors: [{ host, code: 'unreachable', message: 'port 22 is closed', hint: 'Nothing listens there.' }],
    },
  ]);
});

test('--csv is a row for each finding', async () => {
  const { out } = await doctor({ [host]: { findings: [logon, clock] } }, ['--csv']);
  expect(out.split('\n')).toEqual([
    'host,hostVerdict,check,of,verdict,summary,meaning,mends,details',
    `${host},works,logon,,ok,root is logged on with the key id_ed25519,Nothing stands in the way.,,`,
    `${host},works,clock,,warning,${clock.summary},"${clock.meaning}","on the host, as root: timedatectl set-ntp true",host 12:04:00Z`,
    '',
  ]);
});
