import { milliseconds } from '../sessions/duration.ts';
import type { Timers } from './deadline.ts';
import type { Machine } from './machine.ts';
import { beginPace, overdueAfter, type Pace, paceAfter } from './pace.ts';

/** The way to one host. Disposing of it makes room for others. */
export interface Lane extends Disposable {
  /** The host has answered: how long it took tells how many may be spoken to at once. */
  answered(): void;
  /** The machine could not make one more connection. */
  starved(): void;
  /** What is waited for is not the host's affair: the time does not count. */
  pause(): void;
  resume(): void;
}

/** Hosts that are overdue and those that are spoken to beside them are together at most so many times what may be at once. */
const mostOverdue = 2;

export interface LaneParts {
  /** The most hosts that are spoken to at once. */
  readonly most: number;
  readonly timers: Timers;
  readonly machine: Machine;
  /** There may be room now. */
  readonly onRoom: () => void;
}

/**
 * Room for as many hosts at once as the pace allows. A host that lets one wait for much longer than others gives its room up, so that
 * any number of silent hosts does not hold up those that answer.
 */
export class Lanes {
  readonly #parts: LaneParts;
  readonly #most: number;
  #pace: Pace;
  #prompt = 0;
  #overdue = 0;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    this.#pace = beginPace(parts.most);
    this.#most = this.#pace.most * mostOverdue;
  }

  get pace(): Pace {
    return this.#pace;
  }

  /** How many are spoken to, overdue ones too. */
  get open(): number {
    return this.#prompt + this.#overdue;
  }

  get hasRoom(): boolean {
    return this.#prompt < this.#pace.limit && this.open < this.#most;
  }

  enter(): Lane {
    const { timers, machine, onRoom } = this.#parts;
    let began = machine.now();
    let spent = 0;
    let state: 'prompt' | 'overdue' | 'left' = 'prompt';
    let pauses = 0;
    let timer: Disposable | null = null;
    this.#prompt += 1;
    const stop = (): void => {
      timer?.[Symbol.dispose]();
      timer = null;
    };
    const late = (): void => {
      timer = null;
      if (state !== 'prompt') return;
      // What is usual may have become clear meanwhile.
      const more = overdueAfter(this.#pace) - (spent + machine.now() - began);
      if (more > 1) return arm(more);
      state = 'overdue';
      this.#prompt -= 1;
      this.#overdue += 1;
      this.#pace = paceAfter(this.#pace, { kind: 'overdue' });
      onRoom();
    };
    const arm = (more: number): void => {
      timer = timers.after(milliseconds(Math.max(1, more)), late);
    };
    const start = (): void => {
      began = machine.now();
      if (state === 'prompt') arm(overdueAfter(this.#pace) - spent);
    };
    start();
    return {
      answered: () => {
        if (state === 'left') return;
        const took = milliseconds(spent + (pauses > 0 ? 0 : machine.now() - began));
        const isFull = !this.hasRoom;
        const end =
          state === 'prompt'
            ? ({ kind: 'answered', took, isFull, busy: machine.busy() } as const)
            : ({ kind: 'late', took } as const);
        this.#pace = paceAfter(this.#pace, end);
      },
      starved: () => {
        this.#pace = paceAfter(this.#pace, { kind: 'starved', open: this.open });
      },
      pause: () => {
        pauses += 1;
        if (pauses > 1) return;
        stop();
        spent += machine.now() - began;
      },
      resume: () => {
        pauses -= 1;
        if (pauses === 0) start();
      },
      [Symbol.dispose]: () => {
        if (state === 'left') return;
        stop();
        if (state === 'prompt') this.#prompt -= 1;
        else this.#overdue -= 1;
        state = 'left';
        onRoom();
      },
    };
  }
}
