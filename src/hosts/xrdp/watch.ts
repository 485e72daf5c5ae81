import { type UsherError, withContext } from '../../sessions/errors.ts';
import type { HostReading } from '../driver.ts';
import type { ListAnswer } from './answer.ts';
import type { ProbeSession } from './probe-session.ts';

/** How often the probe looks for a sign of change, on the host itself, in milliseconds. */
export const signInterval = 200;
/** How often a reading comes although no sign was seen, in milliseconds: idle times, load and troubles give none. */
export const readingInterval = 10_000;
/** Readings kept for a slow reader. Each is whole, so the oldest may go. */
const mostKept = 4;

/** A reading at once, and another whenever a session begins, ends, is joined or left. Ends when the signal aborts. */
export async function* readingsOf(
  host: string,
  probe: ProbeSession,
  read: (answer: ListAnswer) => HostReading,
  signal: AbortSignal,
): AsyncGenerator<HostReading, void, undefined> {
  const kept: ListAnswer[] = [];
  let failure: UsherError | null = null;
  let wake = (): void => {};
  const subscription = probe.subscribe({
    verb: `watch ${signInterval} ${readingInterval}`,
    stop: 'unwatch',
    receive(answer) {
      if (answer.kind !== 'list') return;
      if (kept.push(answer) > mostKept) kept.shift();
      wake();
    },
    end(reason) {
      failure = reason;
      wake();
    },
  });
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const answer = kept.shift();
      if (answer !== undefined) yield read(answer);
      else if (failure !== null) throw withContext(failure, { host, operation: 'watching sessions' });
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    subscription[Symbol.dispose]();
  }
}
