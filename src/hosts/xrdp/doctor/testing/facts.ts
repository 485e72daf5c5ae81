import type { Host } from '../../../../sessions/host.ts';
import { parseHostUrl } from '../../../../sessions/host.ts';
import type { Finding } from '../../../finding.ts';
import type { ExaminationFacts, IniSetting } from '../facts.ts';

export const xh1: Host = { name: 'xh1', url: parseHostUrl('ssh://root@xh1.example') };

/** What a Debian 12 host with systemd told: xrdp 0.9.21.1, and two sessions without a desktop that can be asked. */
export const healthyFacts: ExaminationFacts = {
  kind: 'examination',
  id: 1,
  version: 1,
  now: 1_795_648_010.273_56,
  system: 'Debian GNU/Linux 12 (bookworm)',
  kernel: '6.18.44',
  perl: { path: '/usr/bin/perl', version: '5.36.0' },
  groups: ['root'],
  sudo: null,
  sudoPerl: null,
  programs: ['sudo', 'loginctl', 'env', 'dbus-send', 'xmessage', 'xfce4-session-logout', 'mate-session-save'],
  procOptions: 'rw,relatime',
  socketsSeen: true,
  everyProcessSeen: true,
  xrdp: {
    path: '/usr/sbin/xrdp',
    version: '0.9.21.1',
    running: [{ pid: 227, user: 'xrdp', startedAt: 1_795_647_845.57 }],
  },
  sesman: {
    path: '/usr/sbin/xrdp-sesman',
    version: '0.9.21.1',
    running: [{ pid: 216, user: 'root', startedAt: 1_795_647_845.53 }],
  },
  ports: [22, 3350, 3389],
  sesmanSettings: [
    { section: 'security', key: 'AllowRootLogin', value: 'true' },
    { section: 'security', key: 'TerminalServerUsers', value: 'tsusers' },
    { section: 'security', key: 'AlwaysGroupCheck', value: 'false' },
    { section: 'sessions', key: 'MaxSessions', value: '200' },
    { section: 'sessions', key: 'KillDisconnected', value: 'false' },
    { section: 'sessions', key: 'DisconnectedTimeLimit', value: '0' },
    { section: 'sessions', key: 'IdleTimeLimit', value: '0' },
    { section: 'sessions', key: 'Policy', value: 'Default' },
  ],
  xrdpSettings: [
    { section: 'globals', key: 'fork', value: 'true' },
    { section: 'globals', key: 'port', value: '3389' },
    { section: 'logging', key: 'EnableProcessId', value: 'true' },
    { section: 'logging', key: 'LogFile', value: 'xrdp.log' },
  ],
  systemd: true,
  logind: { exit: 0, text: 'KillUserProcesses=no\nNCurrentSessions=3\n' },
  systemBus: true,
  desktops: [
    {
      display: 10,
      user: 'alice',
      uid: 1001,
      scope: 'session-c1.scope',
      sharedScope: false,
      manager: null,
      command: null,
      environmentSeen: true,
      bus: true,
    },
    {
      display: 11,
      user: 'bob',
      uid: 1002,
      scope: 'session-c2.scope',
      sharedScope: false,
      manager: null,
      command: null,
      environmentSeen: true,
      bus: true,
    },
  ],
};

/** The healthy host with other settings in sesman.ini, `Sessions` where no section is named. */
export function withSettings(
  ...settings: readonly (readonly [key: string, value: string, section?: string])[]
): ExaminationFacts {
  const more: readonly IniSetting[] = settings.map(([key, value, section = 'sessions']) => ({ section, key, value }));
  return { ...healthyFacts, sesmanSettings: [...(healthyFacts.sesmanSettings ?? []), ...more] };
}

/** Every finding as `check verdict: summary`, with what it is about. */
export const lines = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ check, of, verdict, summary }) => `${check}${of === null ? '' : ` ${of}`} ${verdict}: ${summary}`);

export const pastes = ({ mends }: Finding): readonly string[] => mends.map(({ paste }) => paste);
