import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';

/**
 * Sessions that are read a second, of all watched hosts together, though nothing called for it: a process that watches thousands of
 * hosts has other work. Windows' own and listeners count, too.
 */
export const sessionsASecond = 160;
/** Waits are spread by so much of them, up and down. */
const spreading = 0.25;
/** Into so many steps: Node keeps one list for all timers of one length. */
const steps = 32;

/** One watched host, until it is disposed of. */
export interface WatchShare extends Disposable {
  /** So many sessions it has. */
  weigh(sessions: number): void;
}

/** What this process watches. The more sessions there are, the more rarely a host is read without need, and no two hosts in step. */
export class WatchLoad {
  #sessions = 0;
  readonly #random: ((count: number) => Uint8Array) | null;

  /** Without randomness nothing is spread. */
  constructor(random: ((count: number) => Uint8Array) | null = null) {
    this.#random = random;
  }

  /** One more host; as long as nothing is known of it, with one session. */
  enter(): WatchShare {
    let share = 1;
    let isIn = true;
    this.#sessions += share;
    const weigh = (sessions: number): void => {
      if (!isIn) return;
      this.#sessions += sessions - share;
      share = sessions;
    };
    return {
      weigh: (sessions) => weigh(Math.max(1, sessions)),
      [Symbol.dispose]: () => {
        weigh(0);
        isIn = false;
      },
    };
  }

  /** How long a host is left alone that would be read this often if it were the only one. */
  wait(alone: Milliseconds): Milliseconds {
    const among = Math.max(alone, (this.#sessions * 1000) / sessionsASecond);
    if (this.#random === null) return milliseconds(among);
    const [byte = 0] = this.#random(1);
    const step = (byte % steps) / (steps - 1);
    return milliseconds(Math.round(among * (1 - spreading + 2 * spreading * step)));
  }
}
