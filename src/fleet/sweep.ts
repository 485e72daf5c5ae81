import type { HostConnection, HostReading } from '../hosts/driver.ts';
import { milliseconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { startDeadline, type Timers, untilAborted } from './deadline.ts';
import { connectTo, type Fleet, toldOf } from './fleet.ts';
import type { FleetHost } from './inventory.ts';

/** What one host answered, or why it did not. */
export type HostOutcome<T> =
  | { readonly host: FleetHost; readonly ok: true; readonly value: T; readonly connection: HostConnection | null }
  | { readonly host: FleetHost; readonly ok: false; readonly error: UsherError };

export interface SweepWork<T> {
  readonly hosts: readonly FleetHost[];
  readonly signal: AbortSignal;
  read(connection: HostConnection, signal: AbortSignal): Promise<T>;
  /** Whether the connection is handed to the caller with the outcome, to close. Without this none is. */
  keep?(value: T): boolean;
}

/**
 * Speaks to many hosts, some at a time, and yields each one's outcome as it comes. A host's failure is its outcome and
 * nobody else's. Throws only the signal's reason. Every connection but the kept ones is closed when it ends.
 */
export async function* sweep<T>(fleet: Fleet, work: SweepWork<T>): AsyncGenerator<HostOutcome<T>, void, undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const closings = new Closings(fleet.timers);
  const waiting = [...work.hosts];
  const running = new Map<FleetHost, Promise<HostOutcome<T>>>();
  try {
    while (waiting.length > 0 || running.size > 0) {
      for (const host of waiting.splice(0, fleet.parallel - running.size)) {
        running.set(host, visit(fleet, host, { ...work, signal }, closings));
      }
      const outcome = await untilAborted(Promise.race(running.values()), work.signal);
      running.delete(outcome.host);
      yield outcome;
    }
  } finally {
    stop.abort();
    for (const visit of running.values()) closings.add(visit.then(closeKept, () => undefined));
    await closings.done();
  }
}

async function closeKept<T>(outcome: HostOutcome<T>): Promise<void> {
  if (outcome.ok) await outcome.connection?.[Symbol.asyncDispose]();
}

/** All outcomes, in the order of the hosts. Throws only the signal's reason. */
export async function gather<T>(fleet: Fleet, work: SweepWork<T>): Promise<readonly HostOutcome<T>[]> {
  const outcomes = new Map<string, HostOutcome<T>>();
  for await (const outcome of sweep(fleet, work)) outcomes.set(outcome.host.name, outcome);
  return work.hosts.flatMap(({ name }) => outcomes.get(name) ?? []);
}

/** Lists the sessions of one host: the usual reading of a sweep. */
export const listSessions = (connection: HostConnection, signal: AbortSignal): Promise<HostReading> =>
  connection.list(signal);

/** The same where no reading follows that it would be compared with. */
export const listSessionsOnce = (connection: HostConnection, signal: AbortSignal): Promise<HostReading> =>
  connection.list(signal, { rates: false });

async function visit<T>(
  fleet: Fleet,
  host: FleetHost,
  work: SweepWork<T>,
  closings: Closings,
): Promise<HostOutcome<T>> {
  using deadline = startDeadline(fleet.timeout, work.signal, fleet.timers);
  let connection: HostConnection | null = null;
  try {
    connection = await connectTo(fleet, host, deadline);
    const value = await untilAborted(work.read(connection, deadline.signal), deadline.signal);
    const kept = work.keep?.(value) === true ? connection : null;
    if (kept === null) closings.add(connection[Symbol.asyncDispose]());
    return { host, ok: true, value, connection: kept };
  } catch (error) {
    if (connection !== null) closings.add(connection[Symbol.asyncDispose]());
    return { host, ok: false, error: asUsherError(toldOf(host, deadline, fleet.timeout, error), host) };
  }
}

/** A defect that one host brings to light must not hide the others: it is told as that host's failure. */
function asUsherError(error: unknown, host: FleetHost): UsherError {
  if (error instanceof UsherError) return error;
  return new UsherError({
    code: 'bad_answer',
    message: 'reading this host failed for a reason that Usher does not know',
    host: host.name,
    hint: 'this is a defect of Usher: please report it',
    cause: error,
  });
}

const closingLimit = milliseconds(2000);

/** Connections on their way to be closed. A host that does not let go is not waited for longer than the limit. */
class Closings {
  readonly #timers: Timers;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  add(closing: PromiseLike<unknown>): void {
    const settled: Promise<unknown> = Promise.resolve(closing)
      .catch(() => undefined)
      .finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  async done(): Promise<void> {
    if (this.#pending.size === 0) return;
    const limit = Promise.withResolvers<void>();
    using _timer = this.#timers.after(closingLimit, limit.resolve);
    await Promise.race([Promise.all(this.#pending), limit.promise]);
  }
}
