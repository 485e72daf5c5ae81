import { formatDuration, seconds } from '../../../sessions/duration.ts';
import type { Host } from '../../../sessions/host.ts';
import { shellWord } from '../../../sessions/shell-word.ts';
import { type Finding, finding } from '../../finding.ts';
import { isTrue } from './daemons.ts';
import type { ExaminationFacts } from './facts.ts';
import { asRoot } from './place.ts';

/** sesman takes no less (sesman.ini(5), DisconnectedTimeLimit). */
const leastDisconnected = 60;

/**
 * The limits that xrdp-sesman puts on sessions by itself, as its file says: what sesman read when it started may be older.
 * After sesman.ini(5).
 */
export function limitFindings(host: Host, facts: ExaminationFacts): readonly Finding[] {
  const { sesmanSettings } = facts;
  if (sesmanSettings === null) {
    return [
      finding('limit', 'unknown', '/etc/xrdp/sesman.ini cannot be read', {
        meaning: 'Which limits xrdp itself puts on sessions is not known.',
        mends: [{ where: asRoot(host), paste: 'ls -l /etc/xrdp/sesman.ini' }],
      }),
    ];
  }
  const value = (section: string, name: string): string | null =>
    sesmanSettings.findLast((one) => one.section === section && one.key.toLowerCase() === name.toLowerCase())?.value ??
    null;
  return [
    disconnectedLimit(host, value),
    idleLimit(host, value),
    sessionLimit(host, value, facts),
    policyLimit(value),
    logonLimit(value),
  ];
}

type Value = (section: string, name: string) => string | null;

/** A number of sesman.ini; what is none counts as 0 there. */
const numberOf = (text: string | null): number => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : 0);

const onlyXorg = 'It works in sessions of Xorg (xorgxrdp) alone, not in those of Xvnc.';

function disconnectedLimit(host: Host, value: Value): Finding {
  const of = 'disconnected';
  const limit = numberOf(value('sessions', 'DisconnectedTimeLimit'));
  const details = settingDetails(value, 'KillDisconnected', 'DisconnectedTimeLimit');
  if (!isTrue(value('sessions', 'KillDisconnected') ?? 'false')) {
    return finding('limit', 'ok', 'xrdp ends no disconnected session by itself', { of, details });
  }
  const after = formatDuration(seconds(Math.max(limit, leastDisconnected)));
  return finding('limit', 'warning', `xrdp kills a disconnected session after ${after}`, {
    of,
    meaning: `Whoever loses the connection for that long loses unsaved work, without a warning, whatever Usher is told. ${onlyXorg}`,
    mends: [
      {
        where: `${asRoot(host)}, in [Sessions] of /etc/xrdp/sesman.ini, to leave it to Usher`,
        paste: 'KillDisconnected=false',
      },
    ],
    details,
  });
}

function idleLimit(host: Host, value: Value): Finding {
  const of = 'idle';
  const limit = numberOf(value('sessions', 'IdleTimeLimit'));
  const details = settingDetails(value, 'IdleTimeLimit');
  if (limit === 0) return finding('limit', 'ok', 'xrdp disconnects no idle session by itself', { of, details });
  return finding(
    'limit',
    'warning',
    `xrdp disconnects a session after ${formatDuration(seconds(limit))} without input`,
    {
      of,
      meaning: `It does so without a warning, and before any later limit that Usher is told. ${onlyXorg}`,
      mends: [
        {
          where: `${asRoot(host)}, in [Sessions] of /etc/xrdp/sesman.ini, to leave it to Usher`,
          paste: 'IdleTimeLimit=0',
        },
      ],
      details,
    },
  );
}

/** Sessions in use from which on the limit is worth a warning, as a share of it. */
const nearlyFull = 0.9;

function sessionLimit(host: Host, value: Value, { desktops }: ExaminationFacts): Finding {
  const of = 'sessions';
  const limit = numberOf(value('sessions', 'MaxSessions'));
  const details = settingDetails(value, 'MaxSessions');
  if (limit === 0) return finding('limit', 'ok', 'xrdp takes any number of sessions', { of, details });
  const used = `${desktops.length} of at most ${limit} sessions`;
  if (desktops.length < limit * nearlyFull) return finding('limit', 'ok', `${used} are in use`, { of, details });
  const isFull = desktops.length >= limit;
  return finding(
    'limit',
    isFull ? 'problem' : 'warning',
    isFull ? `all ${limit} sessions are in use` : `${used} are in use`,
    {
      of,
      meaning: `${isFull ? 'Nobody else can log on' : 'Soon nobody else can log on'}; disconnected sessions count too.`,
      mends: [
        {
          where: 'here, to see who left long ago',
          paste: `usher sessions -s ${shellWord(host.name)} --state disconnected`,
        },
        { where: `${asRoot(host)}, in [Sessions] of /etc/xrdp/sesman.ini`, paste: `MaxSessions=${limit * 2}` },
      ],
      details,
    },
  );
}

/** What else than the user and the depth of colour tells sessions apart, by the letters of the policy. */
const policyParts: Readonly<Record<string, string>> = {
  D: 'size of the screen',
  I: 'address of the client',
  C: 'connection',
};

function policyLimit(value: Value): Finding {
  const of = 'policy';
  const policy = value('sessions', 'Policy') ?? 'Default';
  const details = settingDetails(value, 'Policy');
  if (/^separate$/i.test(policy)) {
    return finding('limit', 'warning', 'nobody comes back to a session (Policy=Separate)', {
      of,
      meaning: 'Every connection gets a new session, and the old ones stay disconnected until somebody ends them.',
      mends: [{ where: 'here, to see them', paste: 'usher sessions --state disconnected' }],
      details,
    });
  }
  const letters = /^[UBDIC]+$/i.test(policy) ? [...policy.toUpperCase()] : [];
  const others = letters.flatMap((letter) => policyParts[letter] ?? []);
  if (others.length === 0) {
    return finding('limit', 'ok', 'a user comes back to the same session from anywhere', { of, details });
  }
  const each = others.join(' and ');
  return finding('limit', 'ok', `a user has a session for each ${each} (Policy=${policy})`, {
    of,
    meaning: `Whoever connects again with another ${each} gets a new session, and the old one stays disconnected.`,
    details,
  });
}

function logonLimit(value: Value): Finding {
  const group = value('security', 'TerminalServerUsers');
  const strict = isTrue(value('security', 'AlwaysGroupCheck') ?? 'false');
  const others = strict ? 'nobody' : 'everybody';
  const who =
    group === null
      ? 'every user may have a session'
      : `members of ${group} may have a session (${others}, where there is no such group)`;
  const names = ['TerminalServerUsers', 'AlwaysGroupCheck', 'AllowRootLogin'];
  return finding('limit', 'ok', who, {
    of: 'logon',
    details: names.flatMap((name) => {
      const set = value('security', name);
      return set === null ? [] : [`sesman.ini: ${name}=${set}`];
    }),
  });
}

const settingDetails = (value: Value, ...names: readonly string[]): readonly string[] =>
  names.map((name) => `sesman.ini: ${name}=${value('sessions', name) ?? '(not set)'}`);
