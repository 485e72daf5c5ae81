import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';

/** Readings a second, of all watched hosts together, that nothing called for: what a process with thousands of hosts can do beside its work. */
export const readingsASecond = 20;
/** Waits are spread by so much of them, up and down. */
const spreading = 0.25;
/** Into so many steps: Node keeps one list for all timers of one length. */
const steps = 32;

/** The hosts that this process watches. The more there are, the more rarely one is read without need, and no two of them in step. */
export class WatchLoad {
  #hosts = 0;
  readonly #random: ((count: number) => Uint8Array) | null;

  /** Without randomness nothing is spread. */
  constructor(random: ((count: number) => Uint8Array) | null = null) {
    this.#random = random;
  }

  /** One more host, until it is disposed of. */
  enter(): Disposable {
    let isIn = true;
    this.#hosts += 1;
    return {
      [Symbol.dispose]: () => {
        if (isIn) this.#hosts -= 1;
        isIn = false;
      },
    };
  }

  /** How long a host is left alone that would be read this often if it were the only one. */
  wait(alone: Milliseconds): Milliseconds {
    const among = Math.max(alone, (this.#hosts * 1000) / readingsASecond);
    if (this.#random === null) return milliseconds(among);
    const [byte = 0] = this.#random(1);
    const step = (byte % steps) / (steps - 1);
    return milliseconds(Math.round(among * (1 - spreading + 2 * spreading * step)));
  }
}
