import type { Timers } from './deadline.ts';
import { HostLane, type Lane, type LaneRoom, type Stand } from './lane.ts';
import type { Machine } from './machine.ts';
import { beginPace, type Pace, paceAfter } from './pace.ts';

/** Hosts that are overdue or paused, and those that are spoken to beside them, are together at most so many times what may be at once. */
const mostOpen = 2;

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
 * any number of silent hosts does not hold up those that answer; so does one that waits for people or for other hosts, until it goes on.
 */
export class Lanes {
  readonly #onRoom: () => void;
  readonly #room: LaneRoom;
  readonly #most: number;
  readonly #standing: Record<Stand, number> = { prompt: 0, overdue: 0, paused: 0, left: 0 };
  /** Those that were paused and wait for room. */
  readonly #returning = new Set<() => void>();
  #pace: Pace;

  constructor({ most, timers, machine, onRoom }: LaneParts) {
    this.#onRoom = onRoom;
    this.#pace = beginPace(most);
    this.#most = this.#pace.most * mostOpen;
    this.#room = {
      timers,
      machine,
      pace: () => this.#pace,
      open: () => this.open,
      isFull: () => !this.hasRoom,
      move: (from, to) => this.#move(from, to),
      ended: (end) => {
        this.#pace = paceAfter(this.#pace, end);
      },
      whenRoom: (enter) => this.#whenRoom(enter),
    };
  }

  get pace(): Pace {
    return this.#pace;
  }

  /** How many are spoken to, those beside the others too. */
  get open(): number {
    const { prompt, overdue, paused } = this.#standing;
    return prompt + overdue + paused;
  }

  get hasRoom(): boolean {
    return this.#returning.size === 0 && this.#mayPromptMore && this.open < this.#most;
  }

  get #mayPromptMore(): boolean {
    return this.#standing.prompt < this.#pace.limit;
  }

  enter(): Lane {
    this.#standing.prompt += 1;
    return new HostLane(this.#room);
  }

  #move(from: Stand, to: Stand): void {
    this.#standing[from] -= 1;
    this.#standing[to] += 1;
    if (to !== 'prompt') this.#madeRoom();
  }

  #madeRoom(): void {
    for (const enter of this.#returning) {
      if (!this.#mayPromptMore) return;
      this.#returning.delete(enter);
      enter();
    }
    this.#onRoom();
  }

  #whenRoom(enter: () => void): () => void {
    this.#returning.add(enter);
    if (this.#returning.size === 1) this.#madeRoom();
    return () => void this.#returning.delete(enter);
  }
}
