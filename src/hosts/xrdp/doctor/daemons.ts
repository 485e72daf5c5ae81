import type { Host } from '../../../sessions/host.ts';
import { type Finding, finding, type Mend } from '../../finding.ts';
import type { DaemonFacts, ExaminationFacts, IniSetting } from './facts.ts';
import { asRoot } from './place.ts';

const rdpPort = 3389;

/** xrdp and xrdp-sesman: whether they are there, run, and take connections. */
export function daemonFindings(host: Host, facts: ExaminationFacts): readonly Finding[] {
  if (facts.xrdp.path === null && facts.sesman.path === null && facts.sesman.running.length === 0) {
    return [
      finding('xrdp', 'problem', 'xrdp is not installed there', {
        meaning: 'The host has no xrdp sessions to list. Is it the right host?',
        mends: [
          {
            where: asRoot(host),
            paste:
              'apt install xrdp xorgxrdp    # Debian, Ubuntu\ndnf install xrdp xorgxrdp    # Fedora; RHEL with EPEL',
          },
        ],
      }),
    ];
  }
  return [xrdpFinding(host, facts), sesmanFinding(host, facts), forkFinding(host, facts), logFinding(host, facts)];
}

const version = ({ version: number }: DaemonFacts): string => (number === null ? '' : ` ${number}`);

function runningDetails({ running, path }: DaemonFacts): readonly string[] {
  const since = (seconds: number): string =>
    Temporal.Instant.fromEpochMilliseconds(Math.round(seconds) * 1000).toString();
  return [
    ...(path === null ? [] : [path]),
    ...running.map(({ pid, user, startedAt }) => `pid ${pid} as ${user ?? 'unknown'} since ${since(startedAt)}`),
  ];
}

function start(host: Host, unit: string, { systemd }: ExaminationFacts): Mend {
  const plain = unit === 'xrdp' ? '/usr/sbin/xrdp' : '/usr/sbin/xrdp-sesman';
  return { where: asRoot(host), paste: systemd ? `systemctl enable --now ${unit}` : plain };
}

function xrdpFinding(host: Host, facts: ExaminationFacts): Finding {
  const { xrdp, ports } = facts;
  const details = runningDetails(xrdp);
  if (xrdp.running.length === 0) {
    return finding('xrdp', 'problem', `xrdp${version(xrdp)} does not run`, {
      meaning: 'Nobody can connect. Sessions that are there go on, and their users cannot come back to them.',
      mends: [start(host, 'xrdp', facts), ...statusMend(host, 'xrdp', facts)],
      details,
    });
  }
  const wanted = configuredPorts(facts.xrdpSettings ?? []);
  const deaf = wanted.filter((port) => !ports.includes(port));
  if (deaf.length > 0) {
    return finding('xrdp', 'warning', `xrdp${version(xrdp)} runs, and nothing listens at port ${deaf.join(', ')}`, {
      meaning: 'xrdp.ini was changed since xrdp was started, or another program had the port first.',
      mends: [
        { where: asRoot(host), paste: `ss -ltnp 'sport = :${deaf[0] ?? rdpPort}'` },
        {
          where: `${asRoot(host)}; sessions of xrdp 0.9 cannot be come back to after it`,
          paste: 'systemctl restart xrdp',
        },
      ],
      details,
    });
  }
  return finding(
    'xrdp',
    'ok',
    `xrdp${version(xrdp)} runs${wanted.length === 0 ? '' : ` and listens at port ${wanted.join(', ')}`}`,
    { details },
  );
}

/** TCP ports of `port=` in xrdp.ini(5): `3389`, `tcp://:3389`, several with blanks between; others have no TCP port. */
function configuredPorts(settings: readonly IniSetting[]): readonly number[] {
  const value = settings.findLast(({ section, key }) => section === 'globals' && key.toLowerCase() === 'port')?.value;
  if (value === undefined) return [rdpPort];
  return value.split(/[\s,]+/).flatMap((word) => {
    const port = /^(?:tcp6?:\/\/(?:\.|[^/]*)?:)?(\d{1,5})$/.exec(word)?.[1];
    return port === undefined ? [] : [Number(port)];
  });
}

function statusMend(host: Host, unit: string, { systemd }: ExaminationFacts): readonly Mend[] {
  const paste = systemd ? `journalctl -u ${unit} -n 30 --no-pager` : `tail -n 30 /var/log/${unit}.log`;
  return [{ where: `${asRoot(host)}, for why it ended`, paste }];
}

function sesmanFinding(host: Host, facts: ExaminationFacts): Finding {
  const { sesman } = facts;
  const details = runningDetails(sesman);
  if (sesman.running.length > 0) return finding('sesman', 'ok', `xrdp-sesman${version(sesman)} runs`, { details });
  const orphans = sesman.version?.startsWith('0.9') !== false;
  return finding('sesman', 'problem', `xrdp-sesman${version(sesman)} does not run`, {
    meaning: `Nobody can log on or come back.${orphans ? ' With xrdp 0.9 every session that was there is an orphan for good, also after a new start: its user gets a new one. List them with usher sessions --troubled, and end those that nobody is connected to.' : ''}`,
    mends: [start(host, 'xrdp-sesman', facts), ...statusMend(host, 'xrdp-sesman', facts)],
    details,
  });
}

/** Without a process for each client, a disconnect would end the service for all. */
function forkFinding(host: Host, { xrdpSettings }: ExaminationFacts): Finding {
  if (xrdpSettings === null) {
    return finding('fork', 'unknown', '/etc/xrdp/xrdp.ini cannot be read', {
      meaning: 'Whether xrdp serves each client by a process of its own, which a disconnect ends, is not known.',
      mends: [{ where: asRoot(host), paste: 'ls -l /etc/xrdp/xrdp.ini' }],
    });
  }
  const value = xrdpSettings.findLast(
    ({ section, key }) => section === 'globals' && key.toLowerCase() === 'fork',
  )?.value;
  if (value === undefined || isTrue(value))
    return finding('fork', 'ok', 'xrdp serves each client by a process of its own');
  return finding('fork', 'warning', 'xrdp serves all clients by one process (fork=false)', {
    meaning: 'Usher refuses to disconnect a session there, since that would disconnect everybody.',
    mends: [
      {
        where: `${asRoot(host)}, in [Globals] of /etc/xrdp/xrdp.ini, then restart xrdp when nobody is connected`,
        paste: 'fork=true',
      },
    ],
  });
}

function logFinding(host: Host, { xrdpSettings }: ExaminationFacts): Finding {
  const value = (name: string): string | null =>
    xrdpSettings?.findLast(({ section, key }) => section === 'logging' && key.toLowerCase() === name)?.value ?? null;
  if (xrdpSettings === null) return finding('client-log', 'unknown', '/etc/xrdp/xrdp.ini cannot be read');
  const certain = isTrue(value('enableprocessid') ?? 'false');
  if (certain) return finding('client-log', 'ok', 'xrdp’s log tells which client is whose');
  return finding('client-log', 'ok', 'xrdp’s log names clients, where no two come at once', {
    meaning:
      'Without the process id in the log, the name of a client’s computer is known only where no two clients connected in the same moment.',
    mends: [
      {
        where: `${asRoot(host)}, in [Logging] of /etc/xrdp/xrdp.ini, for the next start of xrdp`,
        paste: 'EnableProcessId=true',
      },
    ],
  });
}

/** What xrdp takes for yes (sesman.ini(5)). */
export const isTrue = (value: string): boolean => /^(?:1|true|yes|on)$/i.test(value);
