import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';
import type { HostReading } from '../driver.ts';
import type { OpenPipe } from './connection.ts';
import { noPush, Push } from './push.ts';
import type { WatchLoad } from './watch-load.ts';

/** How long one reading of a watched host may take: after that the host is lost. */
const longestReading = milliseconds(30_000);
/** How long a host is left alone after a reading, however much happens there. */
const rest = milliseconds(50);
/** What a host tells may not be in its own lists yet: it is read once more after so long. */
const settling = milliseconds(1000);
/** How often a host is read that tells of changes, where it is not one of thousands: idle times, load and troubles it does not tell of. */
const slowInterval = milliseconds(30_000);
/** How often a host is read that does not tell of changes, where it is not one of many. */
export const pollInterval = milliseconds(2000);

export interface Watched {
  readonly read: (signal: AbortSignal) => Promise<HostReading>;
  readonly open: OpenPipe;
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
  readonly load: WatchLoad;
}

/**
 * A reading at once, and another whenever the host tells of a change. What it tells only says that something changed: what it was
 * is the difference of two readings, and many notifications cost one. Ends when the signal aborts.
 */
export async function* readingsOf(
  { read, open, after, load }: Watched,
  signal: AbortSignal,
): AsyncGenerator<HostReading, void, undefined> {
  if (signal.aborted) return;
  using _watched = load.enter();
  const bell = new Bell(after, signal);
  using push = new Push({ open, after, signal, ring: () => bell.ring() });
  // Who registers first misses nothing between the reading and the first notification.
  await push.begin();
  // Rates are told between two readings: the second one is soon.
  let quiet = pollInterval;
  while (!signal.aborted) {
    const told = bell.silence();
    const reading = await soon(after, signal, read);
    const { failure } = push;
    const alone = load.wait(push.stands ? quiet : pollInterval);
    yield failure === null ? reading : { ...reading, notes: [...reading.notes, noPush(failure, alone)] };
    await bell.pause(rest);
    await bell.heard(push.stands && told ? settling : alone);
    quiet = slowInterval;
  }
}

/** Rings when a host is to be read. One that rang before anybody listened is heard all the same. */
class Bell {
  readonly #after: Watched['after'];
  readonly #signal: AbortSignal;
  #hasRung = false;
  #wake = (): void => undefined;

  constructor(after: Watched['after'], signal: AbortSignal) {
    this.#after = after;
    this.#signal = signal;
  }

  ring(): void {
    this.#hasRung = true;
    this.#wake();
  }

  /** Whether it has rung; from now on it has not. */
  silence(): boolean {
    const hasRung = this.#hasRung;
    this.#hasRung = false;
    return hasRung;
  }

  /** Until it rings, so much time is over, or the signal aborts. */
  async heard(longest: Milliseconds): Promise<void> {
    if (!this.#hasRung) await this.pause(longest, (wake) => (this.#wake = wake));
    this.#wake = () => undefined;
  }

  /** Until so much time is over, or the signal aborts. */
  async pause(delay: Milliseconds, begun: (wake: () => void) => void = () => undefined): Promise<void> {
    if (this.#signal.aborted) return;
    const over = Promise.withResolvers<void>();
    const wake = (): void => over.resolve();
    using _timer = this.#after(delay, wake);
    this.#signal.addEventListener('abort', wake, { once: true });
    begun(wake);
    await over.promise;
    this.#signal.removeEventListener('abort', wake);
  }
}

/** Work that is aborted when it takes too long. */
async function soon<T>(
  after: Watched['after'],
  signal: AbortSignal,
  work: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  using _timer = after(longestReading, () => late.abort());
  return await work(AbortSignal.any([signal, late.signal]));
}
