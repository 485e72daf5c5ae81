import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { HostNote } from '../driver.ts';
import type { OpenPipe } from './rpc-pipe.ts';
import type { Asked } from './bell.ts';
import { Registration } from './notifications.ts';

/** How long a host may take to let one register, until it is read without that. */
const patience = milliseconds(3000);
/** How long until it is asked anew: one with much to do lets one register late. */
const longest = milliseconds(30_000);
/** Waits between attempts to register with a host that refused; the last one repeats. */
const retryDelays: readonly Milliseconds[] = [30_000, 60_000, 300_000].map(milliseconds);
/** A host that stops telling is registered with again at once, but not twice within this time. */
const onceWithin = milliseconds(30_000);
/** How often a host may tell of something until it is read: it keeps what happens meanwhile. */
const mostUnread = 4;

export interface PushParts {
  readonly open: OpenPipe;
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The host told of these sessions; or it can tell again, or no longer does: all of it is to be read. */
  readonly ring: (asked: Asked) => void;
}

/**
 * Keeps itself told by a host of what happens there. One that stops telling is registered with again at once; where that, or the
 * wait after it, fails soon, from time to time. One that tells without end is heard as often as it is read.
 */
export class Push implements Disposable {
  readonly #parts: PushParts;
  readonly #end = new AbortController();
  readonly #abort = (): void => this.#end.abort();
  #registration: Registration | null = null;
  #failure: UsherError | null = null;
  /** Since the host told of anything. */
  #failures = 0;
  #retry: Disposable | null = null;
  /** Until it may be registered with at once another time. */
  #again: Disposable | null = null;
  /** How often it told of something since it was last read. */
  #unread = 0;
  #onRead: () => void = () => undefined;

  constructor(parts: PushParts) {
    this.#parts = parts;
    parts.signal.addEventListener('abort', this.#abort, { once: true });
    if (parts.signal.aborted) this.#abort();
  }

  /** Whether the host tells of changes now. */
  get stands(): boolean {
    return this.#registration !== null;
  }

  /** Why the host does not tell of changes; null where it does. */
  get failure(): UsherError | null {
    return this.#failure;
  }

  /** What the host told of until now is being read. */
  wasHeard(): void {
    this.#unread = 0;
    this.#onRead();
  }

  /** Settles when it is known whether the host tells of changes, or that does not become known soon. Throws nothing but defects. */
  async begin(): Promise<void> {
    this.#retry = null;
    const late = Promise.withResolvers<void>();
    using _timer = this.#parts.after(patience, () => {
      this.#failure = noAnswer(patience);
      late.resolve();
    });
    await Promise.race([this.#attempt(), late.promise]);
  }

  async #attempt(): Promise<void> {
    try {
      const registration = await this.#register();
      const isLate = this.#failure !== null;
      this.#registration = registration;
      this.#failure = null;
      void this.#listen(registration);
      if (isLate) this.#parts.ring('all');
    } catch (error) {
      if (this.#end.signal.aborted) return;
      if (!(error instanceof UsherError)) throw error;
      this.#failures += 1;
      this.#tryLater(error);
    }
  }

  [Symbol.dispose](): void {
    this.#parts.signal.removeEventListener('abort', this.#abort);
    this.#abort();
    this.#retry?.[Symbol.dispose]();
    this.#again?.[Symbol.dispose]();
    this.#onRead();
    this.#registration?.[Symbol.dispose]();
    this.#registration = null;
  }

  async #register(): Promise<Registration> {
    const over = Promise.withResolvers<never>();
    const late = new AbortController();
    const giveUp = (reason: UsherError): void => {
      over.reject(reason);
      late.abort();
    };
    const end = (): void => giveUp(new UsherError({ code: 'timeout', message: 'the watch ended' }));
    using _timer = this.#parts.after(longest, () => giveUp(noAnswer(longest)));
    if (this.#end.signal.aborted) end();
    this.#end.signal.addEventListener('abort', end, { once: true });
    try {
      return await Promise.race([Registration.make(this.#parts.open, late.signal), over.promise]);
    } finally {
      this.#end.signal.removeEventListener('abort', end);
    }
  }

  async #listen(registration: Registration): Promise<void> {
    try {
      for (let next = registration.wait(); ; ) {
        const sessions = await next;
        this.#failures = 0;
        this.#unread += 1;
        const isEnough = this.#unread === mostUnread;
        // The host is asked again before it is read, so that nothing that happens meanwhile is missed.
        if (!isEnough) next = registration.wait();
        this.#parts.ring(sessions);
        if (!isEnough) continue;
        await new Promise<void>((read) => (this.#onRead = read));
        if (this.#registration !== registration) return;
        next = registration.wait();
      }
    } catch (error) {
      if (this.#registration !== registration) return;
      registration[Symbol.dispose]();
      this.#registration = null;
      if (!(error instanceof UsherError)) throw error;
      this.#failures += 1;
      if (this.#again === null) {
        this.#again = this.#parts.after(onceWithin, () => (this.#again = null));
        return this.#beginAgain();
      }
      this.#tryLater(error);
      this.#parts.ring('all');
    }
  }

  async #beginAgain(): Promise<void> {
    await this.begin();
    this.#parts.ring('all');
  }

  #tryLater(failure: UsherError): void {
    this.#failure = failure;
    const delay = retryDelays[Math.min(this.#failures, retryDelays.length) - 1];
    if (delay !== undefined) this.#retry = this.#parts.after(delay, () => void this.#beginAgain());
  }
}

const noAnswer = (within: Milliseconds): UsherError =>
  new UsherError({ code: 'timeout', message: `the host did not answer within ${within / 1000} s` });

/** That a host which is watched does not tell of changes. */
export const noPush = ({ message }: UsherError, interval: Milliseconds): HostNote => ({
  code: 'no-push',
  message: `the host does not tell when something changes (${message}), so it is read every ${Math.round(interval / 1000)} s`,
  columns: [],
  hint: 'nothing need be done: it is asked for notifications again from time to time',
});
