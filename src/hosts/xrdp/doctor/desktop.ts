import type { Host } from '../../../sessions/host.ts';
import { type Finding, finding } from '../../finding.ts';
import type { ExaminationFacts } from './facts.ts';
import { asRoot } from './place.ts';

/** Dialog programs that can show any message, in the order in which they are taken. */
const dialogs: readonly string[] = ['zenity', 'yad', 'kdialog'];

/** What a reset, a log-off and a message go through. */
export function desktopFindings(host: Host, facts: ExaminationFacts): readonly Finding[] {
  return [
    ...logindFindings(host, facts),
    ...busFindings(host, facts),
    ...logoffFindings(host, facts),
    messageFinding(facts),
  ];
}

function logindFindings(host: Host, facts: ExaminationFacts): readonly Finding[] {
  if (!facts.systemd) {
    return [finding('logind', 'ok', 'the host runs without systemd: sessions are told apart by their processes')];
  }
  if (!facts.programs.includes('loginctl')) {
    return [
      finding('logind', 'warning', 'loginctl is not there', {
        meaning: 'A reset cannot end a session through logind; its processes are ended one by one.',
        mends: [{ where: asRoot(host), paste: 'apt install systemd    # the package that holds loginctl' }],
      }),
    ];
  }
  const said = facts.logind;
  const kills = /^KillUserProcesses=(yes|no)$/m.exec(said?.text ?? '')?.[1];
  if (said === null || said.exit !== 0 || kills === undefined) {
    return [
      finding('logind', 'warning', 'logind does not answer', {
        meaning:
          'A reset cannot end a session through logind; its processes are ended one by one. New logons may hang until it answers.',
        mends: [{ where: asRoot(host), paste: 'systemctl restart systemd-logind' }],
        details: said?.text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .slice(0, 4) ?? ['loginctl gave no answer in time'],
      }),
    ];
  }
  const ends = kills === 'yes';
  return [
    finding('logind', 'ok', `logind answers; what outlives a session is ${ends ? 'killed' : 'left alone'}`, {
      meaning: ends
        ? 'Programs that a user left on purpose, such as tmux, end with the session.'
        : 'Programs that outlive a session stay: usher end --force ends them where that is wanted.',
      details: said.text.split('\n').filter((line) => line !== ''),
    }),
    ...scopeFindings(host, facts),
  ];
}

/** A session that logind knows of has a scope of its own. */
function scopeFindings(host: Host, { desktops }: ExaminationFacts): readonly Finding[] {
  const without = desktops.filter(({ scope, sharedScope }) => scope === null || sharedScope);
  if (desktops.length === 0) return [];
  if (without.length === 0) return [finding('scopes', 'ok', 'every session has a scope of its own')];
  return [
    finding(
      'scopes',
      'warning',
      `${without.length} of ${desktops.length} sessions have no scope of their own in logind`,
      {
        meaning:
          'A reset ends such a session by its processes, and what has cleared its environment may be missed. Either xrdp-sesman was started by hand, or its PAM service leaves out pam_systemd.',
        mends: [
          { where: `${asRoot(host)}, in /etc/pam.d/xrdp-sesman`, paste: 'session optional pam_systemd.so' },
          {
            where: `${asRoot(host)}, where it was started by hand, when nobody is logged on`,
            paste: 'systemctl restart xrdp-sesman',
          },
        ],
        details: without.slice(0, 16).map(({ display, user, uid }) => `:${display} of ${user ?? uid}`),
      },
    ),
  ];
}

function busFindings(host: Host, facts: ExaminationFacts): readonly Finding[] {
  const findings = [systemBus(host, facts)];
  const asked = facts.desktops.filter(({ manager }) => manager !== null);
  if (asked.length === 0) return findings;
  const missing = asked.filter(({ bus, environmentSeen }) => bus !== true && environmentSeen);
  const unseen = asked.filter(({ bus, environmentSeen }) => bus !== true && !environmentSeen);
  const details = [...missing, ...unseen]
    .slice(0, 16)
    .map(({ display, user, uid, manager }) => `:${display} of ${user ?? uid} (${manager ?? ''})`);
  if (missing.length > 0) {
    return [
      ...findings,
      finding('session-bus', 'warning', `${missing.length} of ${asked.length} desktops have no session bus`, {
        meaning:
          'Such a desktop cannot be asked to log off, so its session program gets SIGTERM and programs may not ask to save.',
        mends: [
          { where: `${asRoot(host)}, for sessions that begin later`, paste: 'apt install dbus-x11 dbus-user-session' },
        ],
        details,
      }),
    ];
  }
  if (unseen.length > 0) {
    return [
      ...findings,
      finding('session-bus', 'unknown', 'whether desktops have a session bus cannot be seen without root', { details }),
    ];
  }
  return [...findings, finding('session-bus', 'ok', 'every desktop has its session bus')];
}

function systemBus(host: Host, { systemBus: there, systemd }: ExaminationFacts): Finding {
  if (there) return finding('system-bus', 'ok', 'the system bus of D-Bus is there');
  if (!systemd) return finding('system-bus', 'ok', 'there is no system bus, and nothing here needs one');
  return finding('system-bus', 'warning', 'the system bus of D-Bus is missing', {
    meaning: 'logind cannot be reached through it, so a reset ends a session by its processes.',
    mends: [{ where: asRoot(host), paste: 'systemctl start dbus.socket' }],
  });
}

/** Programs that are missing among those by which the desktops that run now are asked to log off. */
function logoffFindings(host: Host, { desktops, programs }: ExaminationFacts): readonly Finding[] {
  const commands = [...new Set(desktops.flatMap(({ command }) => command ?? []))];
  if (commands.length === 0) return [];
  const missing = commands.filter((command) => !programs.includes(command));
  if (missing.length === 0)
    return [finding('log-off', 'ok', `desktops are asked to log off by ${commands.join(', ')}`)];
  return [
    finding('log-off', 'warning', `${missing.join(', ')} is not there to ask desktops to log off`, {
      meaning: 'The session program gets SIGTERM instead, and programs may not ask to save.',
      mends: [
        {
          where: `${asRoot(host)}, to find the package on Debian and Ubuntu`,
          paste: `apt-file search bin/${missing[0] ?? ''}`,
        },
      ],
    }),
  ];
}

function messageFinding({ programs }: ExaminationFacts): Finding {
  const there = dialogs.filter((name) => programs.includes(name));
  const details = [
    `looked for: ${[...dialogs, 'xmessage'].join(', ')}`,
    `there: ${[...there, ...programs.filter((name) => name === 'xmessage')].join(', ') || 'none'}`,
  ];
  const [first] = there;
  return first === undefined
    ? finding('messages', 'ok', 'messages are drawn by Usher itself on the X server', { details })
    : finding('messages', 'ok', `messages are shown by ${first}; those that count down are drawn by Usher itself`, {
        details,
      });
}
