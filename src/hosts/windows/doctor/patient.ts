import type { Milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import type { Host } from '../../../sessions/host.ts';
import type { Credential } from '../../credential.ts';
import type { Dial } from '../dial.ts';
import type { LogonSurroundings } from '../logon.ts';

/** A host that is examined, and what that needs. */
export interface Patient {
  readonly host: Host;
  readonly credential: Credential;
  readonly surroundings: LogonSurroundings & {
    readonly dial: Dial;
    readonly after: (delay: Milliseconds, work: () => void) => Disposable;
  };
  /** All addresses of a name. Fails as `dns.lookup` does. */
  readonly lookUp: (name: string) => Promise<readonly string[]>;
  readonly signal: AbortSignal;
}

/**
 * Work that gets so much time. Throws what it throws, `UsherError` `timeout` when the time is over, and the signal's reason when
 * that aborts. Work that does not heed its own signal is left alone.
 */
export async function within<T>(
  { surroundings, signal }: Pick<Patient, 'surroundings' | 'signal'>,
  limit: Milliseconds,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const late = new AbortController();
  const over = Promise.withResolvers<never>();
  const abort = (): void => over.reject(signal.reason);
  using _timer = surroundings.after(limit, () => {
    over.reject(new UsherError({ code: 'timeout', message: `nothing came within ${limit / 1000} s` }));
    late.abort();
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([over.promise, work(AbortSignal.any([signal, late.signal]))]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The failure that work ended with. Throws the signal's reason where that aborted, and a defect. */
export function failureOf({ signal }: Pick<Patient, 'signal'>, error: unknown): UsherError {
  signal.throwIfAborted();
  if (error instanceof UsherError) return error;
  throw error;
}
