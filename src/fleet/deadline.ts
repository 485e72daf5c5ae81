import { type Milliseconds, milliseconds } from '../sessions/duration.ts';
import type { Machine } from './machine.ts';

/** The passing of time, as a parameter. */
export interface Timers {
  /** Runs the callback after the delay, unless the answer is disposed of before. */
  after(delay: Milliseconds, run: () => void): Disposable;
}

/** A longer timer of Node's is over at once. */
const longestTimer = 2 ** 31 - 1;

export const realTimers: Timers = {
  after(delay, run) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const first = Math.min(left, longestTimer);
      timer = setTimeout(() => (left > first ? wait(left - first) : run()), first);
    };
    wait(delay);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** Runs work that does not count as the host's own time. */
export type Aside = <T>(work: () => Promise<T>) => Promise<T>;

/** By what a deadline goes. */
export interface DeadlineClock {
  readonly timers: Timers;
  /** Without it all time counts. */
  readonly machine?: Machine;
}

/** A process that was at work for less than this share of the time has heard every host. */
const negligible = 0.1;
/** However busy the process is, a host has no more than so many times its time. */
const mostStretched = 4;

/**
 * How long one host may take. Waiting for people or for other hosts does not count, nor does time in which this process was at work
 * itself: whoever answered meanwhile was not heard.
 */
export interface Deadline extends Disposable {
  /** Aborts when the time is over, or when the parent does. */
  readonly signal: AbortSignal;
  readonly expired: boolean;
  /** Runs the work with the clock stopped; afterwards the host has its whole time again. */
  readonly aside: Aside;
  /** Gives the host its whole time again. */
  renew(): void;
}

/** Hears when the clock of a deadline stops for work aside, and says when it may go on. */
export interface AsideWatcher {
  pause(): void;
  resume(): Promise<void>;
}

export function startDeadline(
  limit: Milliseconds,
  parent: AbortSignal,
  { timers, machine }: DeadlineClock,
  watcher: AsideWatcher | null = null,
): Deadline {
  const controller = new AbortController();
  let expired = false;
  let over = false;
  let asides = 0;
  let timer: Disposable | null = null;
  const stop = (): void => {
    timer?.[Symbol.dispose]();
    timer = null;
  };
  const expire = (): void => {
    expired = true;
    controller.abort(new DOMException('no answer in time', 'TimeoutError'));
  };
  const wait = (delay: number, waited: number): Disposable => {
    const before = machine?.atWork() ?? 0;
    return timers.after(milliseconds(delay), () => {
      const unheard = Math.min((machine?.atWork() ?? 0) - before, delay);
      const more = Math.min(unheard, limit * mostStretched - waited - delay);
      // What has arrived until now is heard first.
      timer = more > limit * negligible ? wait(more, waited + delay) : timers.after(milliseconds(0), expire);
    });
  };
  const start = (): void => {
    stop();
    if (!over && asides === 0) timer = wait(limit, 0);
  };
  start();
  return {
    signal: AbortSignal.any([parent, controller.signal]),
    get expired() {
      return expired;
    },
    async aside(work) {
      asides += 1;
      stop();
      watcher?.pause();
      try {
        return await work();
      } finally {
        asides -= 1;
        await watcher?.resume();
        start();
      }
    },
    renew: start,
    [Symbol.dispose]() {
      over = true;
      stop();
    },
  };
}

/** The work's outcome, or the signal's reason as soon as it aborts, even where the work does not heed it. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Until so much time is over, or the signal aborts. */
export async function pause(delay: Milliseconds, signal: AbortSignal, timers: Timers): Promise<void> {
  const over = Promise.withResolvers<void>();
  using _timer = timers.after(delay, over.resolve);
  await untilAborted(over.promise, signal).catch(() => undefined);
}
