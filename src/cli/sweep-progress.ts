import type { SweepProgress } from '../fleet/fleet.ts';
import { type Milliseconds, milliseconds } from '../sessions/duration.ts';
import type { Globals } from './globals.ts';
import { count } from './measures.ts';
import type { Surroundings } from './surroundings.ts';

/** How far a sweep has come. */
export interface SweepState {
  readonly hosts: number;
  readonly over: number;
  readonly failed: number;
  /** How many were over in a second lately. */
  readonly perSecond: number;
  /** Since the last host answered or failed. */
  readonly silent: Milliseconds;
  /** How long one host may take. */
  readonly timeout: Milliseconds;
}

/** A sweep that is over by then shows nothing. */
const shownAfter = milliseconds(500);
const drawnEvery = milliseconds(200);
/** Nothing tells how long the rest takes before so many hosts are over. */
const fewestTelling = 5;
/** Where no host was over for so long, those that are left are silent, and may stay so. */
const silence = milliseconds(1500);

/** What was over so long ago counts for a third of what is over now: easy hosts that came first promise nothing of the others. */
const recent = milliseconds(5000);

/** How many characters the bar takes. */
const barWidth = 20;
const [full, rest] = ['━', '─'];

/** `━━━━━━━───────────── 137 of 400 hosts · 3 failed · 12 s left`. */
export function progressLine({ hosts, over, failed, perSecond, silent, timeout }: SweepState): string {
  const longest = Math.max(0, timeout - silent);
  const left =
    silent >= silence
      ? `at most ${inSeconds(longest)} left`
      : over < fewestTelling
        ? null
        : `${inSeconds(((hosts - over) / perSecond) * 1000)} left`;
  const parts = [`${over} of ${count(hosts, 'host')}`, failed === 0 ? null : `${failed} failed`, left];
  const done = Math.floor((over / Math.max(1, hosts)) * barWidth);
  const bar = full.repeat(done) + rest.repeat(barWidth - done);
  return `${bar} ${parts.filter((part) => part !== null).join(' · ')}`;
}

const inSeconds = (time: number): string => `${Math.max(1, Math.ceil(time / 1000))} s`;

/** How fast hosts are over: both counted so that what is further back weighs less. */
interface Rate {
  readonly hosts: number;
  readonly time: number;
}

function rateAfter({ hosts, time }: Rate, passed: number, over: number): Rate {
  const kept = Math.exp(-passed / recent);
  return { hosts: hosts * kept + over, time: time * kept + recent * (1 - kept) };
}

/** The line of the sweep that is under way, on a terminal's standard error. */
export interface ProgressLine {
  readonly begin: (hosts: number) => SweepProgress;
  /** Takes the line away while somebody is asked something. */
  aside<T>(work: () => Promise<T>): Promise<T>;
}

/** Null where nobody would see it, or nobody wants to. */
export function progressLineOn(
  around: Pick<Surroundings, 'stderr' | 'timers' | 'places' | 'now'>,
  { quiet, timeout }: Pick<Globals, 'quiet' | 'timeout'>,
): ProgressLine | null {
  const { stderr, timers, places } = around;
  if (!stderr.isTerminal || quiet || places.env['TERM'] === 'dumb') return null;
  let asked = 0;
  return {
    begin(hosts) {
      const now = (): number => around.now().epochMilliseconds;
      let [over, failed, last] = [0, 0, now()];
      let rate: Rate = { hosts: 0, time: 0 };
      let timer: Disposable | null = null;
      const show = (): void => {
        const silent = milliseconds(now() - last);
        const lately = rateAfter(rate, silent, 0);
        const perSecond = (lately.hosts / lately.time) * 1000;
        if (asked === 0) stderr.draw(progressLine({ hosts, over, failed, perSecond, silent, timeout }));
        timer = timers.after(drawnEvery, show);
      };
      if (hosts > 1) timer = timers.after(shownAfter, show);
      return {
        over(isOk) {
          over += 1;
          if (!isOk) failed += 1;
          rate = rateAfter(rate, now() - last, 1);
          last = now();
        },
        [Symbol.dispose]() {
          timer?.[Symbol.dispose]();
          stderr.draw('');
        },
      };
    },
    async aside(work) {
      asked += 1;
      stderr.draw('');
      try {
        return await work();
      } finally {
        asked -= 1;
      }
    },
  };
}
