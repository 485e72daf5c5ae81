import { UsherError } from '../../../sessions/errors.ts';
import { formatHostUrl, type Host } from '../../../sessions/host.ts';
import { shellWord } from '../../../sessions/shell-word.ts';
import { type Finding, finding, type Mend } from '../../finding.ts';
import type { ProbeSession } from '../probe-session.ts';
import type { ExaminationFacts } from './facts.ts';
import { asRoot, onHost } from './place.ts';

/** What is known of how the probe came to run as it does. */
export interface ProbeStart {
  readonly host: Host;
  /** The account that logged on. */
  readonly account: string;
  readonly probe: Pick<ProbeSession, 'hello' | 'sudoRefusal' | 'sudoPasswordRefused'>;
  /** Whether there was a password to give to sudo, and it was asked for. */
  readonly sudoPassword: 'not-asked-for' | 'absent' | 'given';
}

const withoutRoot =
  'Without root the idle time, client, memory and traffic of other people’s sessions are not known, a list is never called complete, and no other person’s session can be warned, disconnected or ended.';
const perlIsRoot = 'Perl as root can do anything there: give this to an account that may.';

/** Whether the account is root there, or becomes it; and if not, why. */
export function rightsFinding(start: ProbeStart, facts: ExaminationFacts): Finding {
  const { account, probe, sudoPassword } = start;
  if (probe.hello.uid === 0) {
    if (account === 'root') return finding('root', 'ok', 'the account is root there');
    const how = sudoPassword === 'given' ? 'with its password' : 'without a password';
    return finding('sudo', 'ok', `${account} becomes root by sudo, ${how}`);
  }
  const details = sudoDetails(start, facts);
  const problem = (
    summary: string,
    meaning: string,
    mends: readonly Mend[],
    error: UsherError | null = null,
  ): Finding => finding('sudo', 'problem', summary, { meaning, mends, details, error });
  const allow = allowSudo(start, facts);
  const asRootAccount = logOnAsRoot(start.host);
  if (!facts.programs.includes('sudo')) {
    const install: Mend = { where: asRoot(start.host), paste: `apt install sudo    # or: dnf install sudo` };
    return problem(`${account} is not root, and sudo is not there to become it`, withoutRoot, [
      ...asRootAccount,
      install,
      allow,
    ]);
  }
  if (probe.sudoPasswordRefused) {
    const message = `sudo did not take the password of ${account}`;
    const error = new UsherError({
      code: 'logon_failed',
      host: start.host.name,
      message,
      hint: "correct the credential's sudo password",
    });
    return problem(
      message,
      `${withoutRoot} The password is not tried again in this run.`,
      [allow, credentialMend(start)],
      error,
    );
  }
  if (sudoPassword === 'given') {
    return problem(`sudo does not let ${account} become root: ${refusalOf(start)}`, withoutRoot, [
      allow,
      ...asRootAccount,
    ]);
  }
  const leave = leaveOf(facts);
  if (leave !== 'forbidden') {
    const meaning =
      leave === 'allowed'
        ? withoutRoot
        : `${withoutRoot} Whether sudo lets the account run perl once it has the password cannot be known without it.`;
    const summary = `sudo asks ${account} for a password, and there is none to give`;
    return problem(summary, `${meaning} ${perlIsRoot}`, [allow, credentialMend(start)]);
  }
  return problem(`sudo forbids ${account} to run perl as root`, `${withoutRoot} ${perlIsRoot}`, [
    allow,
    ...asRootAccount,
  ]);
}

const refusalOf = ({ probe }: ProbeStart): string =>
  probe.sudoRefusal?.replace(/^sudo: /, '').replace(/\.$/, '') ?? 'it gives no reason';

/** Whether sudo would run perl for the account, after a password perhaps; null where it tells only those who give one. */
function leaveOf({ sudoPerl }: ExaminationFacts): 'allowed' | 'forbidden' | null {
  if (sudoPerl === null || /\b(?:a password is required|a terminal is required)\b/.test(sudoPerl.text)) return null;
  return sudoPerl.exit === 0 ? 'allowed' : 'forbidden';
}

/** The very path that sudo compares with. */
function allowSudo({ host, account }: ProbeStart, { perl }: ExaminationFacts): Mend {
  const path = perl.path.startsWith('/') ? perl.path : '/usr/bin/perl';
  const name = account.replace(/[\\ ,:=#%!@()"]/g, '\\$&');
  return {
    where: `${asRoot(host)}, in the file that visudo -f /etc/sudoers.d/usher opens`,
    paste: `${name} ALL=(root) NOPASSWD: ${path}`,
  };
}

function logOnAsRoot({ name, url }: Host): readonly Mend[] {
  if (url.scheme !== 'ssh') return [{ where: 'here', paste: `sudo usher doctor ${shellWord(name)}` }];
  const address = url.address.includes(':') ? `[${url.address}]` : url.address;
  const port = url.port === null ? '' : `:${url.port}`;
  return [
    {
      where: 'here, to log on as root with a key instead',
      paste: `usher doctor ${shellWord(`ssh://root@${address}${port}`)}`,
    },
  ];
}

function credentialMend({ account, host }: ProbeStart): Mend {
  const name = /^[\w.-]+$/.test(account) ? account : 'ops';
  return {
    where: 'in the inventory, to give sudo its password from a file of yours',
    paste: [
      'credentials:',
      `  ${name}: { user: ${JSON.stringify(account)}, sudoPasswordFile: ~/secrets/${name} }`,
      'hosts:',
      `  ${host.name.includes(':') ? 'NAME' : host.name}: { url: ${JSON.stringify(formatHostUrl(host.url))}, credential: ${name} }`,
    ].join('\n'),
  };
}

function sudoDetails({ probe, host }: ProbeStart, { groups, sudo }: ExaminationFacts): readonly string[] {
  const said =
    sudo?.text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, 12) ?? [];
  return [
    `groups of ${probe.hello.user} ${onHost(host)}: ${groups.join(', ')}`,
    ...(probe.sudoRefusal === null ? [] : [`sudo said: ${probe.sudoRefusal}`]),
    ...said.map((line) => `sudo -n -l: ${line.trim()}`),
  ];
}

/** Whether what can be read of the host's processes is all there is. */
export function sightFindings(start: ProbeStart, facts: ExaminationFacts): readonly Finding[] {
  const findings: Finding[] = [];
  const hides = /(?:^|,)hidepid=([^,]+)/.exec(facts.procOptions ?? '')?.[1] ?? '0';
  const hidden = hides !== '0' && hides !== 'off';
  const isRoot = start.probe.hello.uid === 0;
  if (facts.everyProcessSeen) {
    const details = hidden ? [`/proc is mounted with hidepid=${hides}, which does not concern root`] : [];
    findings.push(finding('processes', 'ok', 'every process of the host can be seen', { details }));
  } else if (isRoot) {
    findings.push(
      finding('processes', 'problem', 'this root does not see every process in full', {
        meaning:
          'It is root in a container or lacks CAP_SYS_PTRACE, so orphans and what sessions leave behind may be missed, and nothing is ever taken for gone.',
        mends: [{ where: onHost(start.host), paste: 'grep CapEff /proc/self/status' }],
        details: [`mount options of /proc: ${facts.procOptions ?? 'unknown'}`],
      }),
    );
  } else if (hidden) {
    findings.push(
      finding('processes', 'problem', `/proc hides the processes of others (hidepid=${hides})`, {
        meaning: 'An account that is not root sees its own sessions alone.',
        mends: [
          {
            where: `${asRoot(start.host)}, until the next start; /etc/fstab keeps it`,
            paste: 'mount -o remount,hidepid=0 /proc',
          },
          allowSudo(start, facts),
        ],
      }),
    );
  } else {
    findings.push(
      finding('processes', 'warning', 'processes of others cannot be seen in full', {
        meaning:
          'Only root reads the environment of other people’s processes: which process belongs to which session is known by descent alone.',
        mends: [allowSudo(start, facts)],
      }),
    );
  }
  findings.push(
    facts.socketsSeen
      ? finding('sockets', 'ok', 'the kernel tells of its sockets')
      : finding('sockets', 'warning', 'the kernel does not list TCP sockets (sock_diag)', {
          meaning: 'The addresses of clients, their traffic and round-trip times are not known.',
          mends: [{ where: asRoot(start.host), paste: 'modprobe -a inet_diag tcp_diag unix_diag' }],
        }),
  );
  return findings;
}

/** Perl is what answers; where it is missing or something answers in its place, nothing can be read. */
export function probeFailed(host: Host, error: UsherError): Finding {
  const shared = { error, details: error.hint === null ? [] : [error.hint] };
  if (error.code === 'unsupported') {
    return finding('perl', 'problem', error.message, {
      ...shared,
      meaning: 'Usher reads a host with perl; perl-base, which Debian and Ubuntu always have, is enough.',
      mends: [
        {
          where: asRoot(host),
          paste:
            'apt install perl-base            # Debian, Ubuntu\ndnf install perl-interpreter     # Fedora, RHEL\nzypper install perl-base         # SUSE',
        },
      ],
    });
  }
  if (error.code === 'bad_answer') {
    return finding('shell', 'problem', error.message, {
      ...shared,
      meaning:
        'Something else answers in place of the probe: the account’s login shell is no POSIX shell, csh or fish, or prints without end.',
      mends: [
        {
          where: 'here, which must print ok and nothing more',
          paste: `ssh ${host.url.scheme === 'ssh' ? shellWord(host.url.address) : 'HOST'} 'exec sh -c "echo ok"'`,
        },
      ],
    });
  }
  return finding('probe', 'problem', error.message, {
    ...shared,
    meaning: 'The logon succeeded, and the way was lost before the host told anything.',
  });
}
