import { milliseconds } from '../../sessions/duration.ts';
import type { Behaviour } from '../behaviours/behaviour.ts';
import { type SimulatedClock, ticksOf } from '../clock/simulated-clock.ts';
import { NameRegister } from '../people/names.ts';
import { makePerson, type Person } from '../people/person.ts';
import { keepAway, place } from '../people/placement.ts';
import { Chance } from '../people/random.ts';
import { Workforce } from '../people/workforce.ts';
import { wellKnownSid } from '../security/sid.ts';
import { type Account, account, AccountDirectory } from '../world/account.ts';
import type { Pace, SimulatedHost } from '../world/host.ts';
import type { Ledger } from '../world/ledger.ts';
import { citrix, type ListenerFacts, remoteDesktop } from '../world/listener.ts';
import { startHost } from '../world/power.ts';
import { checkHosts, faultsOf, type HostFaults } from './faults.ts';
import type { EstatePlan, HostKind, PlannedHost } from './plan.ts';
import { placeStuck } from './stuck.ts';

/** A host that runs, and who works at it. */
export interface EstateHost {
  readonly planned: PlannedHost;
  readonly host: SimulatedHost;
  readonly people: readonly Person[];
}

/** Hosts × sessions × seed: what happens in it is the same every time, as far as nobody from outside does something. */
export interface SimulatedEstate {
  readonly hosts: readonly EstateHost[];
  /** Who may do everything. */
  readonly administrator: Account;
}

export interface EstateSurroundings {
  readonly clock: SimulatedClock;
  readonly ledger: Ledger;
}

const domain = 'SIM';
const dnsDomain = 'sim.example';
const domainSid = 'S-1-5-21-1180699209-877415012-3182924384';
const firstRid = 1100;
export const administratorName = 'usher';

/** How many more work at a host than have a session on it. */
const away = 0.12;

const pace: Pace = {
  logoff: milliseconds(1500),
  reset: milliseconds(800),
  shutdown: milliseconds(5000),
  boot: milliseconds(40_000),
};

const listeners: Readonly<Record<HostKind, readonly ListenerFacts[]>> = {
  rds: [remoteDesktop],
  tsplus: [remoteDesktop],
  citrix: [citrix, remoteDesktop],
};

/** The longest name that NetBIOS has room for. */
const longestNetbios = 15;

/** What hosts call themselves: no two are alike, though NetBIOS has no room for all of a long name. */
class ComputerNames {
  readonly #taken = new Set<string>();

  give(name: string): string {
    let given = name.toUpperCase().slice(0, longestNetbios);
    for (let number = 2; this.#taken.has(given); number++) {
      const suffix = `-${number}`;
      given = name.toUpperCase().slice(0, longestNetbios - suffix.length) + suffix;
    }
    this.#taken.add(given);
    return given;
  }
}

/** Starts all hosts. `password` is the administrator's. Throws `UsherError` `usage` where a fault is of no host. */
export function startEstate(plan: EstatePlan, around: EstateSurroundings, password: string): SimulatedEstate {
  checkHosts(
    plan.faults,
    plan.hosts.map(({ name }) => name),
  );
  const administrator = account({
    name: administratorName,
    domain,
    sid: `${domainSid}-500`,
    password,
    groups: [wellKnownSid.administrators],
  });
  const names = new NameRegister();
  let rid = firstRid;
  const staffed = plan.hosts.map((planned, at) => {
    const chance = new Chance(plan.seed, at);
    // What waits for an unsaved document needs one.
    const writes = planned.behaviours.some((text) => text.startsWith('hangs-on-logoff'));
    const count = planned.sessions - planned.stuck.length;
    const people = Array.from({ length: Math.max(0, count) + Math.ceil(planned.sessions * away) }, () => {
      const { account: name, timeZone } = names.give(chance);
      return makePerson(employee(name, rid++), timeZone, chance.branch(), { writes });
    });
    return { planned, chance, people };
  });
  const everybody = staffed.flatMap(({ people }) => people.map(({ who }) => who.account));
  const accounts = new AccountDirectory([administrator, ...everybody]);
  const computers = new ComputerNames();
  const hosts = staffed.map(({ planned, chance, people }) => {
    const faults = faultsOf(planned.name, plan.faults, planned.behaviours);
    const host = bootHost({ name: computers.give(planned.name), kind: planned.kind }, accounts, around, chance);
    settle({ planned, host, people }, faults, chance);
    return { planned, host, people };
  });
  return { hosts, administrator };
}

function employee(name: string, rid: number): Account {
  return account({
    name,
    domain,
    sid: `${domainSid}-${rid}`,
    password: null,
    groups: [wellKnownSid.users, wellKnownSid.remoteDesktopUsers],
  });
}

function bootHost(
  { name, kind }: Pick<PlannedHost, 'name' | 'kind'>,
  accounts: AccountDirectory,
  { clock, ledger }: EstateSurroundings,
  chance: Chance,
): SimulatedHost {
  const upFor = milliseconds(Math.round(chance.between(3, 24) * 86_400_000));
  const facts = { name, domain, dnsDomain, accounts, listeners: listeners[kind], pace };
  return startHost(facts, { clock, ledger }, clock.now() - ticksOf(upFor));
}

/** Puts people to their places, and what is wrong into the host. */
function settle({ planned, host, people }: EstateHost, faults: HostFaults, chance: Chance): void {
  const present = planned.sessions - planned.stuck.length;
  for (const [at, person] of people.entries()) {
    if (at < present) {
      const session = place(host, person, planned.kind === 'tsplus' ? 'remote-app' : 'desktop');
      session.behaviours = faults.ofSession(person.who.account);
    } else keepAway(host, person);
  }
  for (const stuck of planned.stuck) placeStuck(host, stuck, chance);
  host.behaviours = [...faults.own(), newSessionsHave(faults), new Workforce(people)];
}

/** Sessions that begin later have what is wrong with sessions, too. */
function newSessionsHave(faults: HostFaults): Behaviour {
  return {
    name: 'faults',
    happened({ session, what }, host) {
      if (what.kind !== 'logged-on' || session === null) return;
      const logged = host.sessions.get(session.id);
      if (logged?.account === undefined || logged.account === null) return;
      logged.behaviours = faults.ofSession(logged.account);
    },
  };
}
