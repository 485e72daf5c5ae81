import type { Account } from '../world/account.ts';
import type { SimulatedProcess } from '../world/process.ts';
import type { SimulatedClient, SimulatedSession } from '../world/session.ts';
import type { Whereabouts } from './clients.ts';
import { makeClient } from './clients.ts';
import { type Job, someJob, writing } from './jobs.ts';
import type { Chance } from './random.ts';

const [second, minute, hour] = [1000, 60_000, 3_600_000];

/** What somebody is like. Times are means in milliseconds, the rest is how often: 0 never, 1 always. */
export interface Habits {
  /** Work without a pause, a pause, a working day. */
  readonly stretch: number;
  readonly pause: number;
  readonly day: number;
  /** Closes the window instead of logging off. */
  readonly leavesByX: number;
  /** Goes home and leaves the window open. */
  readonly staysOn: number;
  /** Locks the screen at a pause. */
  readonly locks: number;
  /** Comes back by another client than the one before. */
  readonly moves: number;
  /** Lets something run for hours at a pause. */
  readonly longRuns: number;
  /** Answers a message at all, and after how long. */
  readonly answers: number;
  readonly answersAfter: number;
}

/** What somebody does right now. */
export type Activity =
  /** No session of his is there. */
  | 'away'
  | 'working'
  /** Connected, but not at the desk; what was begun may run on. */
  | 'pausing'
  /** The session is there without a client. */
  | 'left';

/** Somebody who works at a host. What never changes is in `who`. */
export interface Person {
  readonly who: Who;
  readonly chance: Chance;
  activity: Activity;
  session: SimulatedSession | null;
  /** The programs that he has open; those that have ended by themselves are still among them. */
  open: readonly SimulatedProcess[];
  /** Which of his clients he came by. */
  place: number;
  /** FILETIMEs: until when he goes on with what he does, and when the working day is over. */
  until: bigint;
  dayEnds: bigint;
  /** What he does next. */
  next: Disposable | null;
}

export interface Who {
  readonly account: Account;
  readonly job: Job;
  readonly habits: Habits;
  /** In the office first; most people have another. */
  readonly clients: readonly [SimulatedClient, ...SimulatedClient[]];
}

/** How much of a workforce never sits in the office, and how much of the rest works from elsewhere, too. */
const [remoteShare, hybridShare] = [0.18, 0.6];

/** With `writes` he always has a document open. */
export function makePerson(account: Account, timeZone: string, chance: Chance, { writes = false } = {}): Person {
  const client = (where: Whereabouts): SimulatedClient => makeClient(chance, where, timeZone);
  const isRemote = chance.hits(remoteShare);
  const first = client(isRemote ? 'outside' : 'inside');
  const others = chance.hits(hybridShare) ? [client(isRemote || chance.hits(0.7) ? 'outside' : 'inside')] : [];
  const job = someJob(chance);
  const who = {
    account,
    job: writes ? writing(job) : job,
    habits: makeHabits(chance),
    clients: [first, ...others],
  } as const;
  return {
    who,
    chance,
    activity: 'away',
    session: null,
    open: [],
    place: 0,
    until: 0n,
    dayEnds: 0n,
    next: null,
  };
}

function makeHabits(chance: Chance): Habits {
  return {
    stretch: chance.between(20, 70) * minute,
    pause: chance.between(5, 35) * minute,
    day: chance.between(5, 9) * hour,
    leavesByX: chance.between(0.2, 0.95),
    staysOn: chance.between(0, 0.15),
    locks: chance.hits(0.4) ? chance.between(0.3, 0.9) : 0,
    moves: chance.between(0.05, 0.5),
    longRuns: chance.between(0.05, 0.3),
    answers: chance.hits(0.12) ? 0 : chance.between(0.6, 1),
    answersAfter: chance.between(3, 45) * second,
  };
}
