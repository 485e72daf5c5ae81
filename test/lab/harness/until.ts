import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Give up after this long; 20 s by default. */
  readonly timeoutMs?: number;
  /** Between two looks; 50 ms by default. */
  readonly everyMs?: number;
  /** What is awaited, for the message of the failure. */
  readonly what?: string;
}

type Falsy = false | null | undefined | 0 | '';

/** Looks again and again until the predicate gives something true, and gives that. Its last error is the cause of a failure. */
export async function until<T>(
  predicate: () => T | Promise<T>,
  { timeoutMs = 20_000, everyMs = 50, what = 'a condition' }: UntilOptions = {},
): Promise<Exclude<T, Falsy>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const seen = await predicate();
      if (seen) return seen as Exclude<T, Falsy>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${timeoutMs} ms`, { cause });
    await sleep(everyMs);
  }
}
