import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';
import { type SimulatedClock, ticksPerMillisecond } from './simulated-clock.ts';
import { SteppedClock } from './stepped-clock.ts';

/** What makes time go on. */
export interface Drive {
  /** A monotonic time in milliseconds. */
  readonly elapsed: () => number;
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
}

/** No wait is longer, so that a timer of Node can be set to it. */
const longestWait = 86_400_000;

/** So many milliseconds of work are done in one go: then clients, and whoever wants it to end, have their turn. */
const longestTurn = 50;

/**
 * Time that stands until it is told to run, and then runs by itself, `speed` times as fast as the drive's, with one timer for all that waits. What is due is done as if it were
 * exactly its moment: however late the timer is, what happens at simulated hosts by itself is the same every time. Where more is due than can be
 * done, time goes by more slowly.
 */
export class DrivenClock implements SimulatedClock, Disposable {
  readonly #stepped: SteppedClock;
  readonly #drive: Drive;
  #start: bigint;
  /** What was told last: time never goes back. */
  #told: bigint;
  readonly #speed: number;
  /** By the drive; null while time stands. */
  #began: number | null = null;
  #timer: Disposable | null = null;
  /** What the timer is set to. */
  #wakesAt: bigint | null = null;
  #isStepping = false;
  #isStopped = false;

  constructor(start: bigint, speed: number, drive: Drive) {
    this.#stepped = new SteppedClock(start);
    this.#drive = drive;
    this.#start = start;
    this.#told = start;
    this.#speed = speed;
  }

  /** From now on time goes by. */
  run(): void {
    this.#began ??= this.#drive.elapsed();
    this.#arm();
  }

  now(): bigint {
    if (this.#isStepping || this.#began === null) return this.#stepped.now();
    const gone = (this.#drive.elapsed() - this.#began) * this.#speed;
    const now = this.#start + BigInt(Math.floor(gone * Number(ticksPerMillisecond)));
    for (const one of [now, this.#stepped.now()]) if (one > this.#told) this.#told = one;
    return this.#told;
  }

  after(delay: Milliseconds, work: () => void): Disposable {
    const behind = Number(this.now() - this.#stepped.now()) / Number(ticksPerMillisecond);
    const waiting = this.#stepped.after(milliseconds(behind + delay), work);
    if (!this.#isStepping) this.#arm();
    return waiting;
  }

  /** Nothing that waits is done any more. */
  [Symbol.dispose](): void {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #arm(): void {
    const { next } = this.#stepped;
    if (this.#isStopped || this.#began === null || next === null) return;
    if (this.#wakesAt !== null && this.#wakesAt <= next) return;
    this.#timer?.[Symbol.dispose]();
    this.#wakesAt = next;
    const wait = Number(next - this.now()) / Number(ticksPerMillisecond) / this.#speed;
    this.#timer = this.#drive.after(milliseconds(Math.min(longestWait, Math.max(0, wait))), () => this.#wake());
  }

  /** What could not be done in time is not made up for. */
  #goOnFromHere(): void {
    this.#start = this.#stepped.now();
    this.#began = this.#drive.elapsed();
  }

  #wake(): void {
    this.#wakesAt = null;
    const now = this.now();
    const until = this.#drive.elapsed() + longestTurn;
    this.#isStepping = true;
    try {
      const isThere = this.#stepped.stepTo(now, () => this.#drive.elapsed() >= until);
      if (!isThere) this.#goOnFromHere();
    } finally {
      this.#isStepping = false;
      this.#arm();
    }
  }
}
