import type { Milliseconds } from '../../sessions/duration.ts';

/** What of a host is to be read: all that there is, or some sessions. */
export type Asked = readonly number[] | 'all';

/** What the bell rang for since it was last looked at. */
export interface Rung {
  /** Null where it did not. */
  readonly asked: Asked | null;
  /** The sessions that the host told of; all of them where it may have told of any. Null where it told nothing. */
  readonly told: Asked | null;
}

/** More sessions than these are read with all others. */
export const mostSome = 32;

/** Rings when a host is to be read. One that rang before anybody listened is heard all the same. */
export class Bell {
  readonly #after: (delay: Milliseconds, work: () => void) => Disposable;
  readonly #signal: AbortSignal;
  #asked: Asked | null = null;
  #told: Asked | null = null;
  #wake: () => void = silent;

  constructor(after: (delay: Milliseconds, work: () => void) => Disposable, signal: AbortSignal) {
    this.#after = after;
    this.#signal = signal;
  }

  /** The host told of something. */
  tell(told: Asked): void {
    this.#told = both(this.#told, told);
    this.ring(told);
  }

  /** It is time to read. */
  ring(asked: Asked): void {
    this.#asked = both(this.#asked, asked);
    this.#wake();
  }

  /** What it rang for; from now on it has not. */
  silence(): Rung {
    const rung = { asked: this.#asked, told: this.#told };
    this.#asked = null;
    this.#told = null;
    return rung;
  }

  /** Until it rings, or the signal aborts. */
  async heard(): Promise<void> {
    if (this.#asked === null) await this.#woken((wake) => (this.#wake = wake));
    this.#wake = silent;
  }

  /** Until so much time is over, or the signal aborts. */
  async pause(delay: Milliseconds): Promise<void> {
    using timers = new DisposableStack();
    await this.#woken((wake) => timers.use(this.#after(delay, wake)));
  }

  async #woken(begin: (wake: () => void) => void): Promise<void> {
    if (this.#signal.aborted) return;
    const over = Promise.withResolvers<void>();
    const wake = (): void => over.resolve();
    this.#signal.addEventListener('abort', wake, { once: true });
    begin(wake);
    await over.promise;
    this.#signal.removeEventListener('abort', wake);
  }
}

const silent = (): void => undefined;

function both(one: Asked | null, other: Asked): Asked {
  if (one === 'all' || other === 'all') return 'all';
  const sessions = [...new Set([...(one ?? []), ...other])];
  return sessions.length > mostSome ? 'all' : sessions;
}
