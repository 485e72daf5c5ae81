import type { Because } from '../../../src/ending/ladder/plan.ts';
import { milliseconds, seconds } from '../../../src/sessions/duration.ts';
import { parseBehaviour } from '../../../src/simulator/behaviours/behaviours.ts';
import { Chance } from '../../../src/simulator/people/random.ts';
import { type Row, rowsOf } from './matrix.ts';
import {
  type Event,
  type Happening,
  people,
  type Person,
  type PlacedPerson,
  type Scenario,
  verbs,
  type When,
} from './scenario.ts';

const rows = rowsOf();
/** About so many calls are made until sessions are listed. */
const listing = 25;
/** So many more, by far most acts are done with. */
const acting = 60;
const latest = 15_000;

/** A scenario that nobody thought of: the same seed, the same scenario. In it something comes to behave like this; null: whatever it is. */
export function scenarioFrom(seed: number, like: string | null = null): Scenario {
  const chance = new Chance(seed);
  const sessions = peopleOf(chance);
  const whose = (): Person => (sessions[chance.below(sessions.length)] ?? sessions[0]).who;
  const target = whose();
  const others = sessions.filter(({ who }) => who !== target);
  const events = Array.from({ length: chance.one([0, 1, 1, 1, 2, 3]) }, () => eventFor(chance, target, whose));
  const state = sessions.find(({ who }) => who === target)?.state ?? 'active';
  return {
    seed,
    host: {
      behaves: chance.hits(0.3) ? [wordsFor(chance, 'host')] : [],
      latency: milliseconds(chance.one([0.2, 1, 5, 20])),
      skew: milliseconds(chance.one([0, 0, -3_600_000, 7_200_000, 250])),
      pace: milliseconds(chance.one([0, 100, 100, 1500])),
    },
    sessions,
    verb: chance.hits(0.3) ? 'end --force' : chance.hits(0.2) ? 'end' : chance.one(verbs),
    target,
    other: (others[chance.below(others.length)] ?? { who: target }).who,
    because: chance.hits(0.5) ? 'asked' : reasonFor(state),
    warn: chance.hits(0.5) ? null : seconds(chance.one([1, 3, 8])),
    extension: chance.hits(0.5) ? null : { by: seconds(chance.one([2, 6])), times: chance.one([1, 2]) },
    patience: seconds(chance.one([0.6, 0.6, 1, 2])),
    settle: seconds(chance.one([2, 5])),
    stale: milliseconds(chance.hits(0.5) ? 0 : chance.below(4000)),
    events:
      like === null
        ? events
        : [...events, { what: 'behaves', like, who: whoBehaves(like, target), when: whenFor(chance) }],
  };
}

const reasonFor = (state: PlacedPerson['state']): Because => (state === 'disconnected' ? 'disconnected' : 'idle');

function peopleOf(chance: Chance): readonly [PlacedPerson, ...PlacedPerson[]] {
  const [first, ...others] = people;
  const placed = (who: Person): PlacedPerson => ({
    who,
    state: chance.one(['active', 'active', 'disconnected']),
    idle: seconds(chance.one([1, 90, 600, 7200])),
    behaves: chance.hits(0.3) ? [wordsFor(chance, 'session')] : chance.hits(0.4) ? [answering(chance)] : [],
  });
  return [placed(first), ...others.filter(() => chance.hits(0.5)).map(placed)];
}

const answering = (chance: Chance): string =>
  `answers-messages button=${chance.one(['first', 'last'])} after=${chance.one([2, 3, 6])}s`;

function wordsFor(chance: Chance, of: Row['of']): string {
  const fitting = rows.filter((row) => row.of === of);
  return fitting[chance.below(fitting.length)]?.words ?? '';
}

/** Null where a whole host can behave like this, and a session cannot. Throws `UsherError` where nothing can. */
function whoBehaves(words: string, who: Person): Person | null {
  const kind = rows.find((row) => row.kind === words.split(' ')[0] && row.since === 'ever');
  parseBehaviour(words, kind?.of ?? 'session');
  return kind?.of === 'host' ? null : who;
}

function eventFor(chance: Chance, target: Person, whose: () => Person): Event {
  const who = chance.hits(0.75) ? target : whose();
  return { ...happeningFor(chance, who), when: whenFor(chance) };
}

/** Mostly right before an answer: between what is looked at and what is done. */
function whenFor(chance: Chance): When {
  if (chance.hits(0.6)) return { call: listing + chance.below(acting) };
  return { at: milliseconds(chance.below(latest)) };
}

function happeningFor(chance: Chance, who: Person): Happening {
  if (chance.hits(0.7)) {
    const what = chance.one([
      'input' as const,
      'input' as const,
      'leaves' as const,
      'comes back' as const,
      'comes back' as const,
      'logs off' as const,
      'logs on anew' as const,
      'is replaced' as const,
      'is replaced' as const,
      'closes a program' as const,
    ]);
    return { what, who };
  }
  if (chance.hits(0.5)) {
    const what = chance.one(['host crashes' as const, 'connections are cut' as const, 'usher is called off' as const]);
    return { what };
  }
  return chance.hits(0.5)
    ? { what: 'behaves', like: wordsFor(chance, 'host'), who: null }
    : { what: 'behaves', like: wordsFor(chance, 'session'), who };
}
