/** A time limit that stands still while a person is asked. */
export interface Patience extends Disposable {
  /** Aborts with the reason when the time is over. */
  readonly signal: AbortSignal;
  /** Starts anew with another limit. */
  renew(milliseconds: number): void;
  /** Waits for a promise with the clock stopped. */
  whileStopped<T>(work: () => Promise<T>): Promise<T>;
}

/** Starts the clock. `reason` makes what the signal aborts with. */
export function startPatience(milliseconds: number, reason: () => Error): Patience {
  const controller = new AbortController();
  let left = milliseconds;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let stops = 0;
  const start = (): void => {
    startedAt = performance.now();
    timer = setTimeout(() => controller.abort(reason()), left);
  };
  const stop = (): void => {
    clearTimeout(timer);
    left = Math.max(0, left - (performance.now() - startedAt));
  };
  start();
  return {
    signal: controller.signal,
    renew(limit) {
      if (stops === 0) stop();
      left = limit;
      if (stops === 0) start();
    },
    async whileStopped(work) {
      if (stops++ === 0) stop();
      try {
        return await work();
      } finally {
        if (--stops === 0) start();
      }
    },
    [Symbol.dispose]() {
      stops++;
      clearTimeout(timer);
    },
  };
}
