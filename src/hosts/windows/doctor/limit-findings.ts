import { formatDuration, type Seconds, seconds } from '../../../sessions/duration.ts';
import type { Finding, Verdict } from '../../finding.ts';
import { finding, mend } from './finding.ts';
import {
  type InForce,
  type LimitFacts,
  ofListener,
  ofListenerAlone,
  ofLogon,
  ofServer,
  setterOf,
  sourceText,
} from './limit-sources.ts';

const policies = String.raw`Administrative Templates\Windows Components\Remote Desktop Services\Remote Desktop Session Host`;
const setting = (path: string): string => `${policies}\\${path}`;
const timeLimits = String.raw`Session Time Limits`;
const connections = 'Connections';

/** What is said of a value; the source is added to the summary. */
interface Saying {
  readonly verdict: Verdict;
  readonly text: string;
  readonly meaning?: string;
  readonly mends?: Finding['mends'];
}

/** What reads a value and says what it means. */
type Limit = readonly [
  read: (facts: LimitFacts) => InForce,
  say: (value: number | null, told: InForce, facts: LimitFacts) => Saying,
];

const spanOf = (milliseconds: number): string => formatDuration(toSeconds(milliseconds));
const toSeconds = (milliseconds: number): Seconds => seconds(milliseconds / 1000);
const isSet = (value: number | null): value is number => value !== null && value !== 0;

const own = (value: number | null, what: string, never: string): string =>
  value === null ? `${what}: each account has its own limit` : never;

const idle: Limit = [
  (facts) => ofListener(facts, 'MaxIdleTime', 'fInheritMaxIdleTime', 'ms', 0),
  (value) =>
    isSet(value)
      ? {
          verdict: 'ok',
          text: `sessions idle for ${spanOf(value)} are ended or disconnected by the host`,
          meaning: 'The host warns for 2 minutes by itself. A limit of Usher that is longer is never reached.',
        }
      : { verdict: 'ok', text: own(value, 'idle sessions', 'the host does nothing to idle sessions') },
];

const disconnected: Limit = [
  (facts) => ofListener(facts, 'MaxDisconnectionTime', 'fInheritMaxDisconnectionTime', 'ms', 0),
  (value, told, facts) =>
    isSet(value)
      ? {
          verdict: 'warning',
          text: `the host ends sessions that are disconnected for ${spanOf(value)}`,
          meaning:
            '"usher disconnect" and "usher unfreeze" keep programs only for so long: whoever is not back by then loses unsaved work.',
          mends: setterOf(told, facts, 0, setting(`${timeLimits}\\Set time limit for disconnected sessions`)),
        }
      : {
          verdict: 'ok',
          text: own(value, 'disconnected sessions', 'disconnected sessions stay until somebody ends them'),
        },
];

const active: Limit = [
  (facts) => ofListener(facts, 'MaxConnectionTime', 'fInheritMaxSessionTime', 'ms', 0),
  (value) =>
    isSet(value)
      ? {
          verdict: 'ok',
          text: `sessions connected for ${spanOf(value)} are ended or disconnected by the host`,
          meaning: 'The host warns for 2 minutes by itself.',
        }
      : { verdict: 'ok', text: own(value, 'connected sessions', 'sessions may be connected for as long as they like') },
];

const resetBroken: Limit = [
  (facts) => ofListener(facts, 'fResetBroken', 'fInheritResetBroken', '', 0),
  (value, told, facts) =>
    isSet(value)
      ? {
          verdict: 'warning',
          text: 'at a limit, or when the connection breaks, the host ends the session',
          meaning: 'What is not saved is lost there without Usher, whose own warnings may come too late.',
          mends: setterOf(told, facts, 0, setting(`${timeLimits}\\End session when time limits are reached`)),
        }
      : { verdict: 'ok', text: own(value, 'at a limit', 'at a limit the host disconnects, and programs are kept') },
];

const singleSession: Limit = [
  (facts) => ofServer(facts, 'fSingleSessionPerUser', '', 1),
  (value) =>
    value === 0
      ? {
          verdict: 'warning',
          text: 'a user may have several sessions',
          meaning: 'USER@HOST may mean several sessions then: Usher lists them and asks for HOST:ID.',
        }
      : { verdict: 'ok', text: 'a user has one session, and gets it back' },
];

/** What a policy and a listener have for "as many as there may be". */
const unlimited: ReadonlySet<number> = new Set([999_999, 0xffffffff]);

const instances: Limit = [
  (facts) => ofListenerAlone(facts, 'MaxInstanceCount', 'connections', 0xffffffff),
  (value) =>
    value === null || unlimited.has(value)
      ? { verdict: 'ok', text: 'any number of connections is let in' }
      : {
          verdict: 'ok',
          text: `${value} connection${value === 1 ? '' : 's'} are let in at once`,
          meaning: 'Disconnected sessions count too: one that hangs keeps somebody out.',
        },
];

const denied: Limit = [
  (facts) => ofServer(facts, 'fDenyTSConnections', '', null),
  (value, told, facts) =>
    value === 1
      ? {
          verdict: 'problem',
          text: 'Remote Desktop is switched off',
          meaning: 'Nobody connects, and what Usher asks of clients and listeners is not answered.',
          mends: setterOf(
            told,
            facts,
            0,
            setting(`${connections}\\Allow users to connect remotely by using Remote Desktop Services`),
          ),
        }
      : {
          verdict: value === null ? 'unknown' : 'ok',
          text: value === null ? 'whether Remote Desktop is on is not told' : 'Remote Desktop is switched on',
        },
];

const secureRpc: Limit = [
  (facts) => ofServer(facts, 'fEncryptRPCTraffic', '', 0),
  (value) => ({
    verdict: 'ok',
    text: value === 1 ? 'secure RPC is demanded' : 'secure RPC is not demanded',
    meaning: 'Usher seals every call (packet privacy), demanded or not.',
  }),
];

const shadowing: readonly string[] = [
  'sessions must not be watched',
  'sessions may be watched and controlled, when their users agree',
  'sessions may be watched and controlled without asking their users',
  'sessions may be watched, when their users agree',
  'sessions may be watched without asking their users',
];

const shadow: Limit = [
  (facts) => ofListener(facts, 'Shadow', 'fInheritShadow', '', 1),
  (value, told, facts) => ({
    verdict: value === 0 ? 'warning' : 'ok',
    text:
      value === null
        ? 'watching sessions (shadow): each account has its own rule'
        : (shadowing[value] ?? `a rule for watching sessions that is unknown: ${value}`),
    ...(value === 0 && {
      meaning: 'Invitations to watch a session are refused.',
      mends: setterOf(
        told,
        facts,
        1,
        setting(`${connections}\\Set rules for remote control of Remote Desktop Services user sessions`),
      ),
    }),
  }),
];

const keepAlive: Limit = [
  (facts) => ofServer(facts, 'KeepAliveEnable', '', 0),
  (value, _, facts) => {
    const minutes = facts.policy.get('KeepAliveInterval') ?? facts.server.get('KeepAliveInterval') ?? 1;
    if (value === 1) return { verdict: 'ok', text: `clients that vanished are noticed after ${minutes} min` };
    return {
      verdict: 'ok',
      text: 'clients that vanished are not looked for',
      meaning:
        'A session whose client lost its network stays "active" until TCP gives up, for hours perhaps: "idle" tells more than the state.',
      mends: [
        mend(
          'hostPrompt',
          String.raw`reg add "HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services" /v KeepAliveEnable /t REG_DWORD /d 1 /f`,
        ),
        mend(
          'hostPrompt',
          String.raw`reg add "HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services" /v KeepAliveInterval /t REG_DWORD /d 1 /f`,
        ),
      ],
    };
  },
];

const remoteRpc: Limit = [
  (facts) => ofServer(facts, 'AllowRemoteRPC', '', null),
  (value, told, facts) =>
    value === 0
      ? {
          verdict: 'warning',
          text: 'session calls from afar are not allowed',
          meaning: 'On editions for clients acts are refused then; what it does on a server is not known.',
          mends: setterOf(told, facts, 1, ''),
        }
      : {
          verdict: 'ok',
          text: value === null ? 'there is no rule for session calls from afar' : 'session calls from afar are allowed',
        },
];

const drain: Limit = [
  (facts) => ofServer(facts, 'TSServerDrainMode', '', 0),
  (value) =>
    isSet(value)
      ? {
          verdict: 'warning',
          text: `the host is being drained (mode ${value}): new users are not let in`,
          meaning: 'Who has a session may come back to it. Sources disagree which of modes 1 and 2 outlasts a restart.',
          mends: [mend('hostPrompt', 'change logon /enable')],
        }
      : { verdict: 'ok', text: 'the host is not being drained' },
];

const logons: Limit = [
  (facts) => ofLogon(facts, 'WinStationsDisabled', 0),
  (value) =>
    isSet(value)
      ? {
          verdict: 'warning',
          text: 'logons to sessions are disabled: nobody is let in, nor back to a session',
          meaning:
            'Whoever is disconnected now cannot come back: "usher disconnect" and "usher unfreeze" strand their user.',
          mends: [mend('hostPrompt', 'change logon /enable')],
        }
      : { verdict: 'ok', text: 'logons to sessions are enabled' },
];

const limits: readonly Limit[] = [
  denied,
  logons,
  drain,
  remoteRpc,
  secureRpc,
  idle,
  disconnected,
  active,
  resetBroken,
  singleSession,
  instances,
  shadow,
  keepAlive,
];

/** The names of the values that each key is asked for. */
export const asked = {
  policy: [
    'MaxIdleTime',
    'MaxDisconnectionTime',
    'MaxConnectionTime',
    'fResetBroken',
    'fSingleSessionPerUser',
    'MaxInstanceCount',
    'fDenyTSConnections',
    'fEncryptRPCTraffic',
    'Shadow',
    'KeepAliveEnable',
    'KeepAliveInterval',
  ],
  server: [
    'fSingleSessionPerUser',
    'fDenyTSConnections',
    'KeepAliveEnable',
    'KeepAliveInterval',
    'AllowRemoteRPC',
    'TSServerDrainMode',
  ],
  logon: ['WinStationsDisabled'],
  listener: [
    'MaxIdleTime',
    'fInheritMaxIdleTime',
    'MaxDisconnectionTime',
    'fInheritMaxDisconnectionTime',
    'MaxConnectionTime',
    'fInheritMaxSessionTime',
    'fResetBroken',
    'fInheritResetBroken',
    'MaxInstanceCount',
    'Shadow',
    'fInheritShadow',
  ],
} as const;

/** A finding for each limit; for a listener's own once more where another listener differs. */
export function limitFindings(all: readonly LimitFacts[]): readonly Finding[] {
  return limits.flatMap(([read, say]) => {
    const told = all.map((facts) => ({ facts, inForce: read(facts) }));
    const groups = Map.groupBy(told, ({ inForce }) => JSON.stringify([inForce.value, inForce.source]));
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { inForce, facts } = first;
      const { text, ...rest } = say(inForce.value, inForce, facts);
      const at = groups.size === 1 ? '' : ` (${group.map((one) => one.facts.listenerName).join(', ')})`;
      return finding({
        check: 'limit',
        of: `${inForce.name}${at}`,
        summary: `${text}, ${sourceText[inForce.source]}`,
        details: inForce.said,
        ...rest,
      });
    });
  });
}
