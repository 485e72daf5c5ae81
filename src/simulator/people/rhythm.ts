import { milliseconds } from '../../sessions/duration.ts';
import { ticksOf } from '../clock/simulated-clock.ts';
import { disconnect } from '../world/acts/disconnect.ts';
import { setLocked } from '../world/acts/lock.ts';
import { logOff } from '../world/acts/log-off.ts';
import { logOn } from '../world/acts/log-on.ts';
import { user } from '../world/actor.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { SimulatedClient, SimulatedSession } from '../world/session.ts';
import { findPrograms, rest, work } from './desk.ts';
import { openedPrograms } from './jobs.ts';
import { answerOpenBoxes } from './messages.ts';
import type { Person } from './person.ts';

const [second, minute, hour] = [1000, 60_000, 3_600_000];

/** How often somebody at work does something that is told apart from what he did before: a mean in milliseconds. */
const keystroke = 80 * second;
/** From the end of a working day to the next one. */
const night = { least: 11 * hour, most: 16 * hour } as const;
/** How long somebody waits whom the host did not let in. */
const retry = 8 * minute;
/** How long something runs on by itself. */
const longRun = 2.5 * hour;

/** After so many milliseconds he does this, and not what he had in mind before. */
function soon(host: SimulatedHost, person: Person, delay: number, then: () => void): void {
  person.next?.[Symbol.dispose]();
  person.next = host.afterWhatever(milliseconds(delay), then);
}

const fromNow = (host: SimulatedHost, delay: number): bigint => host.now() + ticksOf(milliseconds(delay));

/** Begins a working day, or goes on with the session that he left. */
export function arrive(host: SimulatedHost, person: Person): void {
  const { who, chance } = person;
  if (chance.hits(who.habits.moves)) person.place = chance.below(who.clients.length);
  const programs = openedPrograms(who.job, chance);
  const outcome = logOn(host, { account: who.account, client: clientOf(person), programs });
  if (outcome.kind === 'refused') return soon(host, person, chance.around(retry), () => arrive(host, person));
  const { session } = outcome;
  person.session = session;
  person.open = findPrograms(host, person, session);
  if (outcome.kind === 'logged-on') person.dayEnds = fromNow(host, chance.between(0.6, 1.3) * who.habits.day);
  takeSeat(host, person, session);
}

export const clientOf = ({ who, place }: Person): SimulatedClient => who.clients[place] ?? who.clients[0];

/** He is at the desk, for a while. */
function takeSeat(host: SimulatedHost, person: Person, session: SimulatedSession): void {
  const { who, chance } = person;
  person.activity = 'working';
  person.until = fromNow(host, chance.around(who.habits.stretch));
  if (session.locked === true) setLocked(host, session, false, user(who.account));
  work(host, person, session);
  answerOpenBoxes(host, person, session);
  keepWorking(host, person, session);
}

export function keepWorking(host: SimulatedHost, person: Person, session: SimulatedSession): void {
  soon(host, person, person.chance.around(keystroke), () => {
    work(host, person, session);
    const now = host.now();
    if (now >= person.dayEnds) goHome(host, person, session);
    else if (now >= person.until) pause(host, person, session);
    else keepWorking(host, person, session);
  });
}

function pause(host: SimulatedHost, person: Person, session: SimulatedSession): void {
  const { who, chance } = person;
  person.activity = 'pausing';
  const runsOn = who.job.longRun !== null && chance.hits(who.habits.longRuns);
  rest(host, person, session, { runsOn });
  // Some close the window for a pause, too.
  if (chance.hits(who.habits.leavesByX / 4)) return leave(host, person, session, chance.around(who.habits.pause));
  if (chance.hits(who.habits.locks)) setLocked(host, session, true, user(who.account));
  const away = runsOn ? chance.around(longRun) : chance.around(who.habits.pause);
  comeBackAfter(host, person, session, away);
}

/** He comes back to the desk, or to the session from another one, which takes it over. */
export function comeBackAfter(host: SimulatedHost, person: Person, session: SimulatedSession, delay: number): void {
  const { who, chance } = person;
  soon(host, person, delay, () => {
    const isElsewhere = who.clients.length > 1 && chance.hits(who.habits.moves / 3);
    if (session.state !== 'active' || isElsewhere) arrive(host, person);
    else takeSeat(host, person, session);
  });
}

function goHome(host: SimulatedHost, person: Person, session: SimulatedSession): void {
  const { who, chance } = person;
  const { staysOn, leavesByX, longRuns } = who.habits;
  const until = chance.between(night.least, night.most);
  person.dayEnds = fromNow(host, until + chance.between(0.6, 1.3) * who.habits.day);
  rest(host, person, session, { runsOn: chance.hits(longRuns) });
  if (chance.hits(staysOn)) {
    person.activity = 'pausing';
    return comeBackAfter(host, person, session, until);
  }
  if (chance.hits(leavesByX)) return leave(host, person, session, until);
  // What follows is told by the host: a log-off may hang.
  person.activity = 'pausing';
  logOff(host, session, user(who.account));
  if (person.session !== null) comeBackAfter(host, person, session, until);
}

/** Leaves by the X: the programs stay open. Some never come back to it before days have gone by. */
function leave(host: SimulatedHost, person: Person, session: SimulatedSession, until: number): void {
  const { who, chance } = person;
  person.activity = 'left';
  disconnect(host, session, user(who.account));
  soon(host, person, chance.hits(0.1) ? until + chance.between(1, 3) * 24 * hour : until, () => arrive(host, person));
}

/** His session is gone: he is away until the next day, or comes again where it ended under his hands. */
export function lose(host: SimulatedHost, person: Person, wasTaken: boolean): void {
  const { chance, activity } = person;
  person.session = null;
  person.open = [];
  const isHere = wasTaken && activity === 'working' && chance.hits(0.75);
  person.activity = 'away';
  const until = isHere ? minute + chance.around(4 * minute) : chance.between(night.least, night.most);
  soon(host, person, until, () => arrive(host, person));
}

/** Somebody took his client away: who sits in front of it connects again. */
export function cutOff(host: SimulatedHost, person: Person): void {
  const { chance, activity } = person;
  person.activity = 'left';
  // Who is not there does what he meant to: where it is time for it, he finds the session and connects again.
  if (activity !== 'working') return;
  const until = chance.hits(0.15) ? chance.between(night.least, night.most) : 15 * second + chance.around(75 * second);
  soon(host, person, until, () => arrive(host, person));
}
