import { parseBehaviour } from '../../../../src/simulator/behaviours/behaviours.ts';
import { runningClock } from '../../../../src/simulator/clock/running-clock.ts';
import { fileTimeOf, type SimulatedClock, ticksOf } from '../../../../src/simulator/clock/simulated-clock.ts';
import { SteppedClock } from '../../../../src/simulator/clock/stepped-clock.ts';
import { wellKnownSid } from '../../../../src/simulator/security/sid.ts';
import { type Account, account, AccountDirectory } from '../../../../src/simulator/world/account.ts';
import type { SimulatedHost } from '../../../../src/simulator/world/host.ts';
import type { Ledger } from '../../../../src/simulator/world/ledger.ts';
import { citrix, remoteDesktop } from '../../../../src/simulator/world/listener.ts';
import { placeSession, type PlacedSession } from '../../../../src/simulator/world/place-session.ts';
import { startHost } from '../../../../src/simulator/world/power.ts';
import { withValue } from '../../../../src/simulator/world/registry/hive.ts';
import { dword } from '../../../../src/simulator/world/registry/values.ts';
import { keyPaths } from '../../../../src/simulator/world/registry/windows-hive.ts';
import { cpuTime } from '../../../../src/simulator/world/process.ts';
import { bytesUntil, type SimulatedClient, type SimulatedSession } from '../../../../src/simulator/world/session.ts';
import { minutes, type SimulatedWorld } from './settings.ts';

const sid = (rid: number): string => `S-1-5-21-3623811015-3361044348-30300820-${rid}`;
const domain = 'ORACLE';
const { administrators, remoteDesktopUsers } = wellKnownSid;

function user(name: string, rid: number, groups: readonly string[] = [remoteDesktopUsers]): Account {
  return account({ name, domain, sid: sid(rid), password: null, groups });
}

const alice = user('alice', 1102);
const juergen = user('Jürgen Weiß', 1103);
const haruka = user('佐藤 春香', 1104);
const long = user('a-name-of-more-than-twenty-characters', 1105);
const plainSessionUser = (known: readonly Account[]): Account => known.find(({ name }) => name === 'plain') ?? alice;

const pc = (name: string, address: string, peer?: string): SimulatedClient => ({
  name,
  address,
  ...(peer === undefined ? {} : { peer }),
  width: 1920,
  height: 1080,
  colorDepth: 32,
  build: 26_100,
  timeZone: 'Romance Standard Time',
});

const office = { image: 'EXCEL.EXE', workingSet: 419_430_400 };
const word = { image: 'WINWORD.EXE', workingSet: 209_715_200 };
const calculator = { image: 'Größenrechner.exe', workingSet: 20_971_520 };

/** Starts the host of the lab: sessions 2 to 6, of five users. */
export function labHost(described: SimulatedWorld, logons: readonly Account[], ledger: Ledger): SimulatedHost {
  const clock = clockOf(described);
  const ago = (count: number): bigint => clock.now() - ticksOf(minutes(count));
  const accounts = new AccountDirectory([...logons, alice, juergen, haruka, long]);
  const host = startHost(
    {
      name: 'ORACLE',
      domain,
      dnsDomain: 'oracle.example',
      accounts,
      listeners: [remoteDesktop, citrix],
      behaviours: described.behaviours.map((text) => parseBehaviour(text, 'host')),
    },
    { clock, ledger },
    ago(7 * 24 * 60),
  );
  for (const [name, value] of Object.entries(described.policies)) {
    host.registry = withValue(host.registry, keyPaths.policies, dword(name, value), host.now());
  }
  for (const facts of sessionsOf(ago, logons)) {
    const session = placeSession(host, facts);
    const behaves = described.sessionBehaviours[session.id] ?? [];
    session.behaviours = behaves.map((text) => parseBehaviour(text, 'session'));
  }
  return host;
}

/** The sessions of the lab, which get the ids from 2 on. */
function sessionsOf(
  ago: (count: number) => bigint,
  logons: readonly Account[],
): readonly Omit<PlacedSession, 'behaviours'>[] {
  const traffic = {
    since: ago(0),
    fromClient: 1_048_576,
    toClient: 73_400_320,
    fromClientPerSecond: 0,
    toClientPerSecond: 0,
  };
  return [
    {
      account: alice,
      state: 'active',
      loggedOnAt: ago(300),
      lastInputAt: ago(2),
      client: pc('PC-ALICE', '192.0.2.17', '198.51.100.4'),
      programs: [office, word, calculator],
      traffic,
    },
    {
      account: juergen,
      state: 'disconnected',
      loggedOnAt: ago(900),
      disconnectedAt: ago(600),
      lastInputAt: ago(601),
      client: pc('PC-JW', '192.0.2.18'),
      programs: [office],
      locked: true,
    },
    {
      account: haruka,
      state: 'active',
      loggedOnAt: ago(60),
      lastInputAt: ago(1),
      client: pc('端末七', '2001:db8::7'),
      listener: 'ICA-TCP',
    },
    {
      account: long,
      state: 'active',
      loggedOnAt: ago(30),
      lastInputAt: ago(30),
      client: pc('PC-LONG', '192.0.2.20'),
      programs: [word],
    },
    {
      account: plainSessionUser(logons),
      state: 'active',
      loggedOnAt: ago(10),
      lastInputAt: ago(3),
      client: pc('PC-PLAIN', '192.0.2.21'),
    },
  ];
}

/** Those who log on to the pipes. */
export function logonAccount(name: string, password: string, isAdministrator: boolean): Account {
  const groups = isAdministrator ? [administrators] : [remoteDesktopUsers];
  return account({ name, domain, sid: sid(isAdministrator ? 500 : 1110), password, groups });
}

function clockOf({ clock }: SimulatedWorld): SimulatedClock {
  const now = fileTimeOf(Temporal.Now.instant());
  return clock === 'running' ? runningClock(now) : new SteppedClock(now);
}

/** The host as `test/lab/windows/world.ts` has worlds: FILETIMEs in digits. */
export function described(host: SimulatedHost): object {
  const now = host.now();
  return {
    computer: host.name,
    now: String(now),
    shutdowns: [],
    listeners: host.listeners.map(({ id, name, isListening: listening }) => ({ id, name, listening })),
    sessions: host.allSessions().map((session) => describedSession(session, now)),
    processes: [...host.processes.values()].map((process) => ({
      pid: process.pid,
      session: process.sessionId,
      image: process.image,
      sid: process.sid,
      parent: process.parentPid,
      create_time: String(process.start),
      user_time: String(cpuTime(process, now) - cpuTime(process, now) / 4n),
      kernel_time: String(cpuTime(process, now) / 4n),
      working_set: process.workingSet,
    })),
  };
}

const protocols = ['console', 'ica', 'rdp'] as const;

function describedSession(session: SimulatedSession, now: bigint): object {
  const { client, account: whose } = session;
  const { fromClient, toClient } = bytesUntil(session, now);
  return {
    id: session.id,
    name: session.stationName,
    state: session.state,
    user: whose?.name ?? '',
    domain: whose?.domain ?? '',
    connect_time: String(session.connectedAt),
    disconnect_time: String(session.disconnectedAt),
    logon_time: String(session.loggedOnAt),
    last_input_time: String(session.lastInputAt),
    input_time: null,
    locked: session.locked,
    protocol: protocols.indexOf(session.protocol),
    client: client && {
      name: client.name,
      address: client.address,
      peer: client.peer ?? null,
      width: client.width,
      height: client.height,
      depth: client.colorDepth,
      time_zone: client.timeZone,
    },
    bytes_in: fromClient,
    bytes_out: toClient,
    enumerated: true,
  };
}
