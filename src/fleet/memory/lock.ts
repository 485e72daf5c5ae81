import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, rm, writeFile } from 'node:fs/promises';
import { type Milliseconds, milliseconds } from '../../sessions/duration.ts';
import type { Timers } from '../deadline.ts';

const attempts = 40;
const pause = milliseconds(25);
/** A lock that is held for longer was left behind by a process that ended. */
const abandonedAfter = { seconds: 10 } as const;
const own = { flag: 'wx', mode: 0o600 } as const;

/** Waits until nobody else holds the lock, and holds it until it is disposed of. Throws where that takes too long. */
export async function lock(file: string, now: () => Temporal.Instant, timers: Timers): Promise<AsyncDisposable> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await writeFile(file, '', own);
      return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || attempt === attempts) throw error;
    }
    const facts = await lstat(file).catch(absent);
    if (facts !== null && isAbandoned(facts.mtimeMs, now())) await rm(file, { force: true });
    else await new Promise<void>((resolve) => void timers.after(pause, resolve));
  }
}

/** The same for a process that ends, where nothing can be awaited: `wait` blocks it for so long. */
export function lockAtOnce(
  file: string,
  now: () => Temporal.Instant,
  wait: (time: Milliseconds) => void = block,
): Disposable {
  for (let attempt = 1; ; attempt += 1) {
    try {
      writeFileSync(file, '', own);
      return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || attempt === attempts) throw error;
    }
    const facts = lstatSync(file, { throwIfNoEntry: false });
    if (facts !== undefined && isAbandoned(facts.mtimeMs, now())) rmSync(file, { force: true });
    else wait(pause);
  }
}

function block(time: Milliseconds): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
}

function isAbandoned(since: number, now: Temporal.Instant): boolean {
  const age = now.since(Temporal.Instant.fromEpochMilliseconds(Math.floor(since))).abs();
  return Temporal.Duration.compare(age, abandonedAfter) > 0;
}

/** The operating system's word for a failure: `EEXIST`. */
export const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** For what looks at a file: null where there is none. */
export function absent(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}
