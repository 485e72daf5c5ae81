import type { Run } from '../../../src/cli/run.ts';
import { createSecrets } from '../../../src/fleet/credentials.ts';
import type { Fleet } from '../../../src/fleet/fleet.ts';
import { aHost } from '../../../src/fleet/testing/inventory.ts';
import { keepHost, type KeptHost } from '../../../src/fleet/kept-host.ts';
import { createLogonGate } from '../../../src/fleet/logon-gate.ts';
import { Secret } from '../../../src/hosts/credential.ts';
import { windowsDriver } from '../../../src/hosts/windows/driver.ts';
import { milliseconds, seconds, toMilliseconds } from '../../../src/sessions/duration.ts';
import { parseHostUrl } from '../../../src/sessions/host.ts';
import { parseBehaviour } from '../../../src/simulator/behaviours/behaviours.ts';
import { instantOf, ticksOf } from '../../../src/simulator/clock/simulated-clock.ts';
import { SteppedClock } from '../../../src/simulator/clock/stepped-clock.ts';
import type { AnsweredCall } from '../../../src/simulator/endpoint/association.ts';
import { smbServerOf } from '../../../src/simulator/listen/host-server.ts';
import { Chance } from '../../../src/simulator/people/random.ts';
import { wellKnownSid } from '../../../src/simulator/security/sid.ts';
import { account, AccountDirectory } from '../../../src/simulator/world/account.ts';
import type { SimulatedHost } from '../../../src/simulator/world/host.ts';
import { LedgerBook } from '../../../src/simulator/world/ledger.ts';
import { placeSession } from '../../../src/simulator/world/place-session.ts';
import { startHost } from '../../../src/simulator/world/power.ts';
import type { SimulatedClient, SimulatedSession } from '../../../src/simulator/world/session.ts';
import { MemoryNetwork } from './memory-network.ts';
import { people, type Person, type PlacedPerson, type Scenario } from './scenario.ts';

const password = 'Geheim1!';
const domain = 'CORP';
const sidOf = (number: number): string => `S-1-5-21-3623811015-3361044348-30300820-${number}`;
const groups = [wellKnownSid.remoteDesktopUsers];

const anna = account({ name: 'anna', domain, sid: sidOf(500), password, groups: [wellKnownSid.administrators] });
/** Nobody logs on to pipes as one of them. */
export const accounts = {
  anna,
  alice: account({ name: 'alice', domain, sid: sidOf(1101), password: null, groups }),
  bob: account({ name: 'bob', domain, sid: sidOf(1102), password: null, groups }),
  carol: account({ name: 'carol', domain, sid: sidOf(1103), password: null, groups }),
  dave: account({ name: 'dave', domain, sid: sidOf(1104), password: null, groups }),
} as const;
const directory = new AccountDirectory(Object.values(accounts));

/** Midday, so that a skew leads to no other day. */
const start = 134_169_264_000_000_000n;
const secondTicks = 10_000_000n;

export const clientOf = (name: string): SimulatedClient => ({
  name: `PC-${name.toUpperCase()}`,
  address: '192.0.2.17',
  width: 1280,
  height: 720,
  colorDepth: 32,
  build: 26_100,
  timeZone: 'UTC',
});

export const programs = [
  { image: 'EXCEL.EXE', workingSet: 419_430_400 },
  { image: 'WINWORD.EXE', workingSet: 209_715_200 },
];

/** A call that the host answered, and when: a FILETIME of the simulated clock. */
export interface Answered {
  readonly at: bigint;
  readonly name: string;
}

/** A simulated host with people on it, and Usher before it. Nothing has happened yet. */
export interface Stage {
  readonly clock: SteppedClock;
  readonly ledger: LedgerBook;
  readonly host: SimulatedHost;
  readonly network: MemoryNetwork;
  readonly kept: KeptHost;
  readonly run: Run;
  readonly callOff: AbortController;
  /** Their sessions as they were placed. */
  readonly sessions: ReadonlyMap<Person, SimulatedSession>;
  readonly answered: readonly Answered[];
}

export function setStage(scenario: Scenario): Stage {
  const clock = new SteppedClock(start);
  const ledger = new LedgerBook();
  const host = hostOf(scenario, clock, ledger);
  const sessions = new Map(scenario.sessions.map((placed) => [placed.who, place(host, placed)] as const));
  const chance = new Chance(scenario.seed);
  const random = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => chance.below(256));
  const answered: Answered[] = [];
  const server = smbServerOf(host, {
    random,
    answered: ({ name }: AnsweredCall) => answered.push({ at: clock.now(), name }),
    // Signed by what Node does natively; encryption is the wire's affair, and proven there.
    smb: { encryption: 'off', signingAlgorithms: ['aesGmac'] },
  });
  const { latency } = scenario.host;
  const network = new MemoryNetwork({ host, server, clock, random, latency });
  const now = (): Temporal.Instant => instantOf(clock.now());
  const driver = windowsDriver({
    dial: network.dial,
    machine: 'ADMIN7',
    now,
    random,
    after: (delay, work) => clock.after(delay, work),
  });
  const timeout = toMilliseconds(seconds(15));
  const fleet: Fleet = {
    drivers: [driver],
    secretsOf: createSecrets({
      env: { USHER_PASSWORD: password },
      passwordFile: null,
      identityFiles: [],
      ask: null,
      readFile: async () => new Secret(password),
    }),
    gate: createLogonGate(),
    timers: clock,
    timeout,
    parallel: 1,
  };
  const url = parseHostUrl(String.raw`windows://CORP\anna@ts01`);
  const callOff = new AbortController();
  return {
    clock,
    ledger,
    host,
    network,
    kept: keepHost(fleet, aHost('ts01', { url }), null),
    run: runOf(clock, callOff.signal),
    callOff,
    sessions,
    answered,
  };
}

function hostOf({ host: { behaves, skew, pace } }: Scenario, clock: SteppedClock, ledger: LedgerBook): SimulatedHost {
  const facts = {
    name: 'TS01',
    domain,
    dnsDomain: 'corp.example',
    accounts: directory,
    clockSkew: skew,
    pace: { logoff: pace, reset: pace, shutdown: pace, boot: milliseconds(10 * pace) },
    behaviours: behaves.map((words) => parseBehaviour(words, 'host')),
  };
  return startHost(facts, { clock, ledger }, start - 7n * 86_400n * secondTicks);
}

/** They logged on an hour ago, one second after the other. */
function place(host: SimulatedHost, { who, state, idle, behaves }: PlacedPerson): SimulatedSession {
  const loggedOnAt = host.now() - (3600n - BigInt(people.indexOf(who))) * secondTicks;
  const lastInputAt = host.now() - ticksOf(toMilliseconds(idle));
  return placeSession(host, {
    account: accounts[who],
    state,
    loggedOnAt,
    lastInputAt,
    disconnectedAt: state === 'disconnected' ? lastInputAt : 0n,
    client: clientOf(who),
    programs,
    behaviours: behaves.map((words) => parseBehaviour(words, 'session')),
  });
}

const silent = { write: () => undefined, draw: () => undefined, isTerminal: false, columns: null };

/** What a command of Usher runs in: its time is the host's, and it says nothing. */
function runOf(clock: SteppedClock, signal: AbortSignal): Run {
  return {
    around: {
      version: '0',
      stdout: silent,
      stderr: silent,
      terminal: null,
      openScreen: null,
      readInput: async () => '',
      places: { env: { USHER_MEMORY: 'off' }, platform: 'linux', homeDirectory: '/nowhere' },
      timers: clock,
      timeZone: 'UTC',
      now: () => instantOf(clock.now()),
      signal,
      drivers: async () => [],
      hostKeys: async () => {
        throw new TypeError('a Windows host has no SSH key');
      },
      process: {
        pid: 1,
        calledAs: 'usher',
        isAlive: () => false,
        atExit: () => ({ [Symbol.dispose]: () => undefined }),
      },
      simulator: async () => {
        throw new TypeError('the host is simulated here already');
      },
    },
    globals: {
      format: 'json',
      quiet: true,
      yes: true,
      dryRun: false,
      timeout: milliseconds(15_000),
      inventoryFile: undefined,
      passwordFile: null,
      sshConfigFile: null,
      identityFiles: [],
    },
    words: [],
  };
}
