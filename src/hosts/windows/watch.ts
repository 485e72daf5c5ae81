import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';
import type { HostReading } from '../driver.ts';
import { type Asked, Bell } from './bell.ts';
import type { OpenPipe } from './rpc-pipe.ts';
import { noPush, Push } from './push.ts';
import type { WatchLoad } from './watch-load.ts';

/** How long one reading of a watched host may take: after that the host is lost. */
const longestReading = milliseconds(30_000);
/** How long a host is left alone after a reading, however much happens there. */
const rest = milliseconds(50);
/** The same after all of it was read because it told of so much: a millisecond for each session, but this at least. */
const restAfterAll = milliseconds(250);
/** What a host tells may not be in its own lists yet: it is read once more after so long. */
const settling = milliseconds(1000);
/** Where all of the host is read so soon after it told of a change, nothing of it is read apart. */
const longestSettling = milliseconds(1500);
/** How often a host is read that tells of changes, where it is not one of thousands: idle times, load and troubles it does not tell of. */
const slowInterval = milliseconds(30_000);
/** How often a host is read that does not tell of changes, where it is not one of many. */
export const pollInterval = milliseconds(2000);

export interface Watched {
  readonly read: (asked: Asked, signal: AbortSignal) => Promise<HostReading>;
  readonly open: OpenPipe;
  readonly after: After;
  readonly load: WatchLoad;
}

type After = (delay: Milliseconds, work: () => void) => Disposable;

/**
 * A reading at once, and another whenever the host tells of a change. What it tells says of which sessions alone: what it was is the difference
 * of two readings, and many notifications cost one. All of the host is read from time to time. Ends when the signal aborts.
 */
export async function* readingsOf(
  { read, open, after, load }: Watched,
  signal: AbortSignal,
): AsyncGenerator<HostReading, void, undefined> {
  if (signal.aborted) return;
  using share = load.enter();
  const bell = new Bell(after, signal);
  using push = new Push({ open, after, signal, ring: (asked) => bell.tell(asked) });
  using usual = new Alarm(after, () => bell.ring('all'));
  using settled = new Settling(after, load, (asked) => bell.ring(asked));
  // Who registers first misses nothing between the reading and the first notification.
  await push.begin();
  bell.ring('all');
  // Rates are told between two readings: the second one is soon.
  let quiet = pollInterval;
  while (!signal.aborted) {
    const { asked, told } = bell.silence();
    push.wasHeard();
    if (asked === null) continue;
    if (asked.length === 0) {
      await bell.pause(rest);
      await bell.heard();
      continue;
    }
    const reading = await soon(after, signal, (deadline) => read(asked, deadline));
    const { failure } = push;
    if (asked === 'all') share.weigh(reading.sessions.length);
    const alone = load.wait(push.stands ? quiet : pollInterval);
    if (asked === 'all') {
      usual.set(alone);
      quiet = slowInterval;
    }
    if (push.stands && told !== null) settled.add(told);
    yield failure === null ? reading : { ...reading, notes: [...reading.notes, noPush(failure, alone)] };
    await bell.pause(told === 'all' ? milliseconds(Math.max(restAfterAll, reading.sessions.length)) : rest);
    await bell.heard();
  }
}

/** Work that is done once, some time from now. */
class Alarm implements Disposable {
  readonly #after: After;
  readonly #work: () => void;
  #timer: Disposable | null = null;

  constructor(after: After, work: () => void) {
    this.#after = after;
    this.#work = work;
  }

  get isSet(): boolean {
    return this.#timer !== null;
  }

  /** From now on; what was set before is not done. */
  set(delay: Milliseconds): void {
    this[Symbol.dispose]();
    this.#timer = this.#after(delay, () => {
      this.#timer = null;
      this.#work();
    });
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
  }
}

/**
 * Has what a host told of read once more: these sessions after a second or two, and all of the host as soon as its turn comes, which is
 * the same where few are watched.
 */
class Settling implements Disposable {
  readonly #load: WatchLoad;
  readonly #some: Alarm;
  readonly #all: Alarm;
  /** Whether the host told of more since all of it was to be read: so soon before it is, that may settle later. */
  #more = false;
  /** Read when the alarm goes off, and when it does after that. */
  #due: readonly number[] = [];
  #later: readonly number[] = [];

  constructor(after: After, load: WatchLoad, ring: (asked: Asked) => void) {
    this.#load = load;
    this.#all = new Alarm(after, () => {
      ring('all');
      if (this.#more) this.#all.set(load.wait(settling));
      this.#more = false;
    });
    this.#some = new Alarm(after, () => {
      ring(this.#due);
      this.#due = this.#later;
      this.#later = [];
      if (this.#due.length > 0) this.#some.set(settling);
    });
  }

  add(told: Asked): void {
    const wait = this.#load.wait(settling);
    const isApart = told !== 'all' && wait > longestSettling;
    if (!this.#all.isSet) this.#all.set(wait);
    else if (!isApart) this.#more = true;
    if (!isApart) return;
    if (this.#some.isSet) this.#later = [...new Set([...this.#later, ...told])];
    else {
      this.#due = told;
      this.#some.set(settling);
    }
  }

  [Symbol.dispose](): void {
    this.#all[Symbol.dispose]();
    this.#some[Symbol.dispose]();
  }
}

/** Work that is aborted when it takes too long. */
async function soon<T>(after: After, signal: AbortSignal, work: (deadline: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  using _timer = after(longestReading, () => late.abort());
  return await work(AbortSignal.any([signal, late.signal]));
}
