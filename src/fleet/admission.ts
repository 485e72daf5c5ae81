import type { Lane } from './lane.ts';
import type { Lanes } from './lanes.ts';

/** Lets callers in one after the other, as there is room. */
export class Admission {
  readonly #lanes: Lanes;
  readonly #waiting = new Set<() => void>();

  constructor(lanesWith: (onRoom: () => void) => Lanes) {
    this.#lanes = lanesWith(() => this.#admit());
  }

  /** Waits for room, in turn. Throws the signal's reason. */
  async enter(signal: AbortSignal): Promise<Lane> {
    signal.throwIfAborted();
    if (this.#waiting.size === 0 && this.#lanes.hasRoom) return this.#lanes.enter();
    const { promise, resolve, reject } = Promise.withResolvers<Lane>();
    const admit = (): void => resolve(this.#lanes.enter());
    const abort = (): void => {
      this.#waiting.delete(admit);
      reject(signal.reason);
    };
    this.#waiting.add(admit);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #admit(): void {
    for (const admit of this.#waiting) {
      if (!this.#lanes.hasRoom) return;
      this.#waiting.delete(admit);
      admit();
    }
  }
}
