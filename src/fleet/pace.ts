import { type Milliseconds, milliseconds } from '../sessions/duration.ts';

/**
 * How many hosts may be spoken to at once, by how those before answered: more as long as answers come as quickly as they use to,
 * fewer when they become slow, when most hosts fall silent, and when the machine has no more sockets. Plain data;
 * {@link paceAfter} is all that changes it.
 */
export interface Pace {
  readonly limit: number;
  /** What the limit never exceeds. */
  readonly most: number;
  /** How long an answer takes where nothing is crowded: it falls quickly and rises slowly. Null before the first. */
  readonly usual: Milliseconds | null;
  /** How long answers take now. */
  readonly recent: Milliseconds | null;
  /** Whether it was ever lowered. From then on the limit grows by one in a round instead of with every answer. */
  readonly wasLowered: boolean;
  /** Ends of visits since the limit was last lowered or a round was full. */
  readonly ends: number;
  /** How many of these were hosts that were waited for too long. */
  readonly overdue: number;
  /** Answers since the limit last grew. */
  readonly answers: number;
}

/** What became of a visit to a host. */
export type VisitEnd =
  /** It answered; `isFull`: as many hosts as may were being spoken to; `busy` as {@link Machine.busy} has it. */
  | {
      readonly kind: 'answered';
      readonly took: Milliseconds;
      readonly isFull: boolean;
      readonly busy: number | null;
    }
  /** It takes much longer than hosts usually do. It is waited for, but beside the others. */
  | { readonly kind: 'overdue' }
  /** It answered after all. */
  | { readonly kind: 'late'; readonly took: Milliseconds }
  /** The machine has no socket, port or memory for one more connection, while it has so many. */
  | { readonly kind: 'starved'; readonly open: number };

/** The least that is ever spoken to at once, unless fewer were asked for. */
export const fewest = 4;
/** A limit that grows begins here. */
export const beginning = 16;
/** Answers that take so many times the usual show that it is crowded. */
const crowded = 3;
/** As long as answers take less than so many times the usual, it grows. */
const quick = 2;
/** How much an answer that was not waited for any more changes what is usual: where many come late, hosts are given more time. */
const lateWeight = 0.1;
/** What the limit becomes where it is crowded. */
const backOff = 0.75;
/** A process as busy as this answers no sooner for having more to do. */
const tooBusy = 0.9;
/** What keeps hosts waiting longer than so many times the usual is overdue, but never sooner than the second number. */
const [patience, leastPatience, firstPatience] = [5, milliseconds(1000), milliseconds(3000)];

export function beginPace(most: number): Pace {
  const highest = Math.max(1, Math.floor(most));
  return {
    limit: Math.min(beginning, highest),
    most: highest,
    usual: null,
    recent: null,
    wasLowered: false,
    ends: 0,
    overdue: 0,
    answers: 0,
  };
}

/** After how long a host that has not answered is overdue. */
export function overdueAfter({ usual }: Pace): Milliseconds {
  return usual === null ? firstPatience : milliseconds(Math.max(leastPatience, patience * usual));
}

export function paceAfter(pace: Pace, end: VisitEnd): Pace {
  switch (end.kind) {
    case 'answered':
      return afterAnswer(roundAfter(pace, false), end);
    case 'overdue': {
      const next = roundAfter(pace, true);
      // Before any has answered it may be that all of them take their time.
      return pace.usual !== null && next.overdue * 2 > pace.limit ? lowered(next, pace.limit * backOff) : next;
    }
    case 'late':
      return { ...pace, usual: towards(pace.usual, end.took, lateWeight) };
    case 'starved': {
      // What is open was too much: half of it is room for others on this machine too.
      const most = Math.min(pace.most, Math.max(fewest, Math.floor(end.open / 2)));
      return lowered({ ...pace, most }, most);
    }
  }
}

/** A round is as many ends as the limit: what happened before it says nothing of now. */
function roundAfter(pace: Pace, isOverdue: boolean): Pace {
  const overdue = pace.overdue + (isOverdue ? 1 : 0);
  return pace.ends + 1 > pace.limit
    ? { ...pace, ends: 1, overdue: isOverdue ? 1 : 0 }
    : { ...pace, ends: pace.ends + 1, overdue };
}

function afterAnswer(before: Pace, { took, isFull, busy }: Extract<VisitEnd, { kind: 'answered' }>): Pace {
  const usual = towards(before.usual, took, before.usual !== null && took < before.usual ? 0.25 : 0.01);
  const recent = towards(before.recent, took, 0.125);
  const pace = { ...before, usual, recent, answers: before.answers + 1 };
  if (recent > usual * crowded && pace.ends >= pace.limit) return lowered(pace, pace.limit * backOff);
  const mayGrow = isFull && recent <= usual * quick && (busy === null || busy < tooBusy);
  if (!mayGrow || pace.limit >= pace.most) return pace;
  if (pace.wasLowered && pace.answers < pace.limit) return pace;
  return { ...pace, limit: pace.limit + 1, answers: 0 };
}

const towards = (average: Milliseconds | null, value: Milliseconds, weight: number): Milliseconds =>
  average === null ? value : milliseconds(average + (value - average) * weight);

function lowered(pace: Pace, limit: number): Pace {
  const least = Math.min(fewest, pace.most);
  return {
    ...pace,
    limit: Math.max(least, Math.min(pace.limit, Math.floor(limit))),
    wasLowered: true,
    ends: 0,
    overdue: 0,
    answers: 0,
  };
}
