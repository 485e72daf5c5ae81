import { describe, expect, test } from 'vitest';
import { UsherError } from '../../../sessions/errors.ts';
import type { ExaminationFacts } from './facts.ts';
import { probeFailed, type ProbeStart, rightsFinding, sightFindings } from './rights.ts';
import { healthyFacts, lines, pastes, xh1 } from './testing/facts.ts';

const asks = { exit: 1, text: 'sudo: a password is required\n' };

/** frank logged on with a key, and is not root. */
const frank: ProbeStart = {
  host: xh1,
  account: 'frank',
  probe: {
    hello: { kind: 'hello', version: 1, uid: 1006, user: 'frank' },
    sudoRefusal: 'sudo: a password is required',
    sudoPasswordRefused: false,
  },
  sudoPassword: 'absent',
};
const root: ProbeStart = {
  ...frank,
  probe: { hello: { kind: 'hello', version: 1, uid: 0, user: 'root' }, sudoRefusal: null, sudoPasswordRefused: false },
};
const seenByFrank: ExaminationFacts = {
  ...healthyFacts,
  groups: ['frank'],
  sudo: asks,
  sudoPerl: asks,
  everyProcessSeen: false,
};

const sudoers = 'frank ALL=(root) NOPASSWD: /usr/bin/perl';

describe('whether the account is root', () => {
  test.each<[string, ProbeStart, ExaminationFacts, string]>([
    ['by its logon', { ...root, account: 'root' }, healthyFacts, 'root ok: the account is root there'],
    [
      'by sudo alone',
      { ...root, sudoPassword: 'not-asked-for' },
      healthyFacts,
      'sudo ok: frank becomes root by sudo, without a password',
    ],
    [
      'by sudo with a password',
      { ...root, sudoPassword: 'given' },
      healthyFacts,
      'sudo ok: frank becomes root by sudo, with its password',
    ],
    [
      'not, for want of a password',
      frank,
      seenByFrank,
      'sudo problem: sudo asks frank for a password, and there is none to give',
    ],
    [
      'not, as sudo tells without one',
      frank,
      {
        ...seenByFrank,
        sudo: { exit: 0, text: 'User frank may run:\n (root) NOPASSWD: /usr/bin/ls' },
        sudoPerl: { exit: 1, text: '' },
      },
      'sudo problem: sudo forbids frank to run perl as root',
    ],
    [
      'not, though sudo would let it after a password',
      frank,
      { ...seenByFrank, sudoPerl: { exit: 0, text: '/usr/bin/perl\n' } },
      'sudo problem: sudo asks frank for a password, and there is none to give',
    ],
    [
      'not, for want of sudo',
      frank,
      { ...seenByFrank, sudo: null, sudoPerl: null, programs: [] },
      'sudo problem: frank is not root, and sudo is not there to become it',
    ],
    [
      'not, for sudo’s own reason',
      { ...frank, sudoPassword: 'given', probe: { ...frank.probe, sudoRefusal: 'frank is not in the sudoers file.' } },
      seenByFrank,
      'sudo problem: sudo does not let frank become root: frank is not in the sudoers file',
    ],
  ])('%s', (_how, start, facts, line) => {
    expect(lines([rightsFinding(start, facts)])).toEqual([line]);
  });

  test('every refusal has the line of sudoers that mends it, and where it belongs', () => {
    const { mends } = rightsFinding(frank, seenByFrank);
    expect(mends[0]).toEqual({
      where: 'on xh1, as root, in the file that visudo -f /etc/sudoers.d/usher opens',
      paste: sudoers,
    });
  });

  test('the line names the perl that the host runs, and escapes the account', () => {
    const facts = { ...seenByFrank, perl: { path: '/opt/perl/bin/perl', version: '5.40.1' } };
    const { mends } = rightsFinding({ ...frank, account: 'CORP\\bob' }, facts);
    expect(mends[0]?.paste).toBe('CORP\\\\bob ALL=(root) NOPASSWD: /opt/perl/bin/perl');
  });

  test('a password that sudo refused is told as a refused credential, which rests it', () => {
    const start: ProbeStart = { ...frank, sudoPassword: 'given', probe: { ...frank.probe, sudoPasswordRefused: true } };
    expect(rightsFinding(start, seenByFrank).error).toMatchObject({ code: 'logon_failed', host: 'xh1' });
  });

  test('no other refusal says anything of the password', () => {
    const start: ProbeStart = { ...frank, sudoPassword: 'given' };
    expect(rightsFinding(start, seenByFrank).error).toBeNull();
  });
});

describe('what can be seen', () => {
  test.each<[string, ProbeStart, Partial<ExaminationFacts>, string]>([
    ['everything', root, {}, 'processes ok: every process of the host can be seen'],
    [
      'everything by root, whatever hidepid is',
      root,
      { procOptions: 'rw,hidepid=invisible' },
      'processes ok: every process of the host can be seen',
    ],
    [
      'less by root in a container',
      root,
      { everyProcessSeen: false },
      'processes problem: this root does not see every process in full',
    ],
    [
      'others in part',
      frank,
      { everyProcessSeen: false },
      'processes warning: processes of others cannot be seen in full',
    ],
    [
      'nobody else',
      frank,
      { everyProcessSeen: false, procOptions: 'rw,nosuid,hidepid=2' },
      'processes problem: /proc hides the processes of others (hidepid=2)',
    ],
  ])('%s', (_what, start, facts, line) => {
    expect(lines(sightFindings(start, { ...healthyFacts, ...facts }))[0]).toBe(line);
  });

  test('a kernel that tells of no sockets names the modules to load', () => {
    const [, sockets] = sightFindings(root, { ...healthyFacts, socketsSeen: false });
    expect(sockets && pastes(sockets)).toEqual(['modprobe -a inet_diag tcp_diag unix_diag']);
  });
});

describe('a probe that does not come to answer', () => {
  test.each([
    ['unsupported', 'perl', 'apt install perl-base'],
    ['bad_answer', 'shell', 'ssh xh1.example'],
    ['connection_lost', 'probe', undefined],
  ] as const)('by %s is a finding of %s', (code, check, paste) => {
    const found = probeFailed(xh1, new UsherError({ code, message: 'it failed' }));
    expect([found.check, found.verdict, found.mends[0]?.paste.slice(0, paste?.length)]).toEqual([
      check,
      'problem',
      paste,
    ]);
  });
});
