import { milliseconds } from '../sessions/duration.ts';
import type { Timers } from './deadline.ts';
import type { Machine } from './machine.ts';
import { overdueAfter, type Pace, type VisitEnd } from './pace.ts';

/** The way to one host. Disposing of it makes room for others. */
export interface Lane extends Disposable {
  /** The host has answered: how long it took tells how many may be spoken to at once. */
  answered(): void;
  /** The machine could not make one more connection. */
  starved(): void;
  /** What is waited for is not the host's affair: the time does not count, and if it takes long there is room for another host meanwhile. */
  pause(): void;
  /** Waits for room, before any host that was not begun. */
  resume(): Promise<void>;
}

/** Where a host stands: only those that are prompt take up the room that the pace allows. */
export type Stand = 'prompt' | 'overdue' | 'paused' | 'left';

/** Whoever waits for others for longer gives its room up: a logon that waits for the first one's outcome usually has it sooner. */
const shortPause = milliseconds(250);

/** What a lane has to do with all others. */
export interface LaneRoom {
  readonly timers: Timers;
  readonly machine: Machine;
  readonly pace: () => Pace;
  /** How many are spoken to. */
  readonly open: () => number;
  readonly isFull: () => boolean;
  readonly move: (from: Stand, to: Stand) => void;
  readonly ended: (end: VisitEnd) => void;
  /** Runs it when there is room: at once, or unless the answer is called before. */
  readonly whenRoom: (enter: () => void) => () => void;
}

export class HostLane implements Lane {
  readonly #room: LaneRoom;
  #stand: Stand = 'prompt';
  #pauses = 0;
  /** In milliseconds, until the clock stopped. */
  #spent = 0;
  /** Null where the clock stands. */
  #began: number | null = null;
  #timer: Disposable | null = null;
  #stopWaiting = (): void => undefined;

  /** It is counted as prompt already. */
  constructor(room: LaneRoom) {
    this.#room = room;
    this.#start();
  }

  answered(): void {
    if (this.#stand === 'left') return;
    const took = milliseconds(this.#elapsed());
    const { isFull, machine, ended } = this.#room;
    if (this.#stand === 'overdue') ended({ kind: 'late', took });
    else ended({ kind: 'answered', took, isFull: isFull(), busy: machine.busy() });
  }

  starved(): void {
    const { ended, open } = this.#room;
    ended({ kind: 'starved', open: open() });
  }

  pause(): void {
    this.#pauses += 1;
    if (this.#pauses > 1) return;
    this.#stop();
    this.#stopWaiting();
    if (this.#stand === 'prompt') this.#timer = this.#room.timers.after(shortPause, () => this.#move('paused'));
  }

  async resume(): Promise<void> {
    this.#pauses -= 1;
    if (this.#pauses > 0) return;
    this.#stop();
    if (this.#stand === 'paused') await this.#waitForRoom();
    else this.#start();
  }

  [Symbol.dispose](): void {
    if (this.#stand === 'left') return;
    this.#stop();
    this.#stopWaiting();
    this.#move('left');
  }

  #waitForRoom(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#room.whenRoom(() => {
      this.#move('prompt');
      this.#start();
      resolve();
    });
    this.#stopWaiting = () => {
      cancel();
      resolve();
    };
    return promise;
  }

  #move(to: Stand): void {
    const from = this.#stand;
    this.#stand = to;
    this.#room.move(from, to);
  }

  #elapsed(): number {
    return this.#spent + (this.#began === null ? 0 : this.#room.machine.now() - this.#began);
  }

  #start(): void {
    this.#began = this.#room.machine.now();
    if (this.#stand === 'prompt') this.#arm();
  }

  #stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
    this.#spent = this.#elapsed();
    this.#began = null;
  }

  #left(): number {
    return overdueAfter(this.#room.pace()) - this.#elapsed();
  }

  #arm(): void {
    this.#timer = this.#room.timers.after(milliseconds(Math.max(1, this.#left())), () => {
      // What is usual may have become clear meanwhile.
      if (this.#left() > 1) return this.#arm();
      this.#room.ended({ kind: 'overdue' });
      this.#move('overdue');
    });
  }
}
