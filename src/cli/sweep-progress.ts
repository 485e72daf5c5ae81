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
  /** Since it began. */
  readonly elapsed: Milliseconds;
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

/** How many characters the bar takes. */
const barWidth = 20;
const [full, rest] = ['━', '─'];

/** `━━━━━━━───────────── 137 of 400 hosts · 3 failed · 12 s left`. */
export function progressLine({ hosts, over, failed, elapsed, silent, timeout }: SweepState): string {
  const longest = Math.max(0, timeout - silent);
  const left =
    silent >= silence
      ? `at most ${inSeconds(longest)} left`
      : over < fewestTelling
        ? null
        : `${inSeconds((elapsed / over) * (hosts - over))} left`;
  const parts = [`${over} of ${count(hosts, 'host')}`, failed === 0 ? null : `${failed} failed`, left];
  const done = Math.floor((over / Math.max(1, hosts)) * barWidth);
  const bar = full.repeat(done) + rest.repeat(barWidth - done);
  return `${bar} ${parts.filter((part) => part !== null).join(' · ')}`;
}

const inSeconds = (time: number): string => `${Math.max(1, Math.ceil(time / 1000))} s`;

/** The line of the sweep that is under way, on a terminal's standard error. */
export interface ProgressLine {
  readonly begin: (hosts: number) => SweepProgress;
  /** Takes the line away while somebody is asked something. */
  aside<T>(work: () => Promise<T>): Promise<T>;
}

/** Null where nobody would see it, or nobody wants to. */
export function progressLineOn(around: Surroundings, { quiet, timeout }: Globals): ProgressLine | null {
  const { stderr, timers, places } = around;
  if (!stderr.isTerminal || quiet || places.env['TERM'] === 'dumb') return null;
  let asked = 0;
  return {
    begin(hosts) {
      const now = (): number => around.now().epochMilliseconds;
      const began = now();
      let [over, failed, last] = [0, 0, began];
      let timer: Disposable | null = null;
      const show = (): void => {
        const [elapsed, silent] = [milliseconds(now() - began), milliseconds(now() - last)];
        const text = progressLine({ hosts, over, failed, elapsed, silent, timeout });
        if (asked === 0) stderr.draw(text);
        timer = timers.after(drawnEvery, show);
      };
      if (hosts > 1) timer = timers.after(shownAfter, show);
      return {
        over(isOk) {
          over += 1;
          if (!isOk) failed += 1;
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
