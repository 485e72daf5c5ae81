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

/**
 * Time that stands until it is told to run, and then runs by itself, `speed` times as fast as the drive's, with one timer for all that waits. What is due is done as if it were
 * exactly its moment: however late the timer is, what happens at simulated hosts by itself is the same every time.
 */
export class DrivenClock implements SimulatedClock, Disposable {
  readonly #stepped: SteppedClock;
  readonly #drive: Drive;
  readonly #start: bigint;
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
    return now > this.#stepped.now() ? now : this.#stepped.now();
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

  #wake(): void {
    this.#wakesAt = null;
    const now = this.now();
    this.#isStepping = true;
    try {
      this.#stepped.stepTo(now);
    } finally {
      this.#isStepping = false;
      this.#arm();
    }
  }
}
