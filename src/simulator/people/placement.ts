import { milliseconds } from '../../sessions/duration.ts';
import { ticksOf } from '../clock/simulated-clock.ts';
import type { SimulatedHost } from '../world/host.ts';
import { placeSession } from '../world/place-session.ts';
import type { SessionKind, SimulatedSession } from '../world/session.ts';
import { findPrograms, rest, work } from './desk.ts';
import { openedPrograms } from './jobs.ts';
import type { Person } from './person.ts';
import { arrive, clientOf, comeBackAfter, keepWorking } from './rhythm.ts';

const [second, minute, hour] = [1000, 60_000, 3_600_000];

/** In what people of an estate are found that has been running for long. */
const found = [
  { weight: 52, what: 'working' },
  { weight: 15, what: 'pausing' },
  { weight: 5, what: 'forgotten' },
  { weight: 20, what: 'left' },
  { weight: 8, what: 'abandoned' },
] as const;

/** How long ago, in milliseconds. */
interface Past {
  readonly loggedOn: number;
  readonly input: number;
  /** Null where the client is still there. */
  readonly disconnected: number | null;
}

/** Puts a person into a session that has been there for a while; from then on he lives by his own rhythm. */
export function place(host: SimulatedHost, person: Person, kind: SessionKind = 'desktop'): SimulatedSession {
  const { who, chance } = person;
  const how = chance.weighted(found);
  const { loggedOn, input, disconnected } = past(how, person);
  const now = host.now();
  const ago = (time: number): bigint => {
    const then = now - ticksOf(milliseconds(Math.round(time)));
    return then > host.bootedAt ? then : host.bootedAt + ticksOf(milliseconds(60 * second));
  };
  person.place = chance.below(who.clients.length);
  const session = placeSession(host, {
    account: who.account,
    state: disconnected === null ? 'active' : 'disconnected',
    loggedOnAt: ago(loggedOn),
    connectedAt: ago(disconnected === null ? loggedOn * chance.between(0.2, 1) : loggedOn * chance.between(0.9, 1)),
    ...(disconnected === null ? {} : { disconnectedAt: ago(disconnected) }),
    lastInputAt: ago(input),
    client: clientOf(person),
    kind,
    locked: disconnected === null && how !== 'working' && chance.hits(who.habits.locks),
    programs: openedPrograms(who.job, chance),
  });
  person.session = session;
  person.open = findPrograms(host, person, session);
  settle(host, person, session, how);
  return session;
}

/** Somebody of the workforce who is not there now. */
export function keepAway(host: SimulatedHost, person: Person): void {
  person.next = host.afterWhatever(milliseconds(person.chance.between(minute, 14 * hour)), () => arrive(host, person));
}

type Found = (typeof found)[number]['what'];

function past(how: Found, { who, chance }: Person): Past {
  const { day, pause } = who.habits;
  switch (how) {
    case 'working':
      return {
        loggedOn: 3 * minute + chance.between(0, 0.95) * day,
        input: chance.around(40 * second),
        disconnected: null,
      };
    case 'pausing': {
      const input = chance.around(pause);
      return { loggedOn: input + chance.between(0.1, 0.9) * day, input, disconnected: null };
    }
    case 'forgotten': {
      const input = chance.between(2, 16) * hour;
      return { loggedOn: input + chance.between(0.3, 1) * day, input, disconnected: null };
    }
    case 'left':
    case 'abandoned': {
      const disconnected = how === 'left' ? chance.around(3 * hour) : chance.between(20, 110) * hour;
      const input = disconnected + chance.around(2 * minute);
      return { loggedOn: input + chance.between(0.05, 1) * day, input, disconnected };
    }
  }
}

/** What he goes on with. */
function settle(host: SimulatedHost, person: Person, session: SimulatedSession, how: Found): void {
  const { who, chance } = person;
  const now = host.now();
  const later = (time: number): bigint => now + ticksOf(milliseconds(Math.round(time)));
  const { lastInputAt } = session;
  person.dayEnds = later(chance.between(0.05, 1) * who.habits.day);
  person.until = later(chance.around(who.habits.stretch));
  if (how === 'working') {
    work(host, person, session);
    session.lastInputAt = lastInputAt;
    person.activity = 'working';
    keepWorking(host, person, session);
    return;
  }
  rest(host, person, session, { runsOn: chance.hits(who.habits.longRuns) });
  if (session.state === 'active') {
    person.activity = 'pausing';
    const isShort = how === 'pausing';
    comeBackAfter(host, person, session, isShort ? chance.around(who.habits.pause) : chance.between(1, 10) * hour);
    return;
  }
  person.activity = 'left';
  const until = how === 'left' ? chance.around(4 * hour) : chance.between(10, 60) * hour;
  person.next = host.afterWhatever(milliseconds(until), () => arrive(host, person));
}
