import type { HostConnection, HostReading } from '../hosts/driver.ts';
import type { Milliseconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { Closings } from './closings.ts';
import { type Deadline, pause, startDeadline, untilAborted } from './deadline.ts';
import { tellingOfDoctorWhereBroken } from './doctor-hint.ts';
import { attemptAt, connectWith, type Fleet, toldOf } from './fleet.ts';
import type { FleetHost } from './inventory.ts';
import type { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';
import { realMachine } from './machine.ts';
import { isStarved, RetryBudget } from './retries.ts';

/** What one host answered, or why it did not. */
export type HostOutcome<T> =
  | { readonly host: FleetHost; readonly ok: true; readonly value: T; readonly connection: HostConnection | null }
  | { readonly host: FleetHost; readonly ok: false; readonly error: UsherError };

export interface SweepWork<T> {
  readonly hosts: readonly FleetHost[];
  readonly signal: AbortSignal;
  read(connection: HostConnection, signal: AbortSignal): Promise<T>;
  /** Whether it may be read once more, over a new connection, where the first one broke: it changes nothing on the host. */
  readonly repeatable?: boolean;
  /** Whether the connection is handed to the caller with the outcome, to close. Without this none is. */
  keep?(value: T): boolean;
}

/**
 * Speaks to many hosts, as many at a time as answer well, and yields each one's outcome as it comes. What another try may mend is
 * tried again within the host's time and the sweep's budget. A host's failure is its outcome and nobody else's. Throws only the
 * signal's reason. Every connection but the kept ones is closed when it ends.
 */
export async function* sweep<T>(fleet: Fleet, work: SweepWork<T>): AsyncGenerator<HostOutcome<T>, void, undefined> {
  const { hosts } = work;
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const closings = new Closings(fleet.timers);
  const budget = fleet.random === undefined ? null : new RetryBudget(hosts.length, fleet.random);
  const running = new Set<Promise<void>>();
  const arrived: HostOutcome<T>[] = [];
  let wake = Promise.withResolvers<void>();
  const onRoom = (): void => wake.resolve();
  const { timers, machine = realMachine() } = fleet;
  const lanes = new Lanes({ most: fleet.parallel, timers, machine, onRoom });
  const begin = (host: FleetHost): void => {
    const visiting = visit({ fleet, work, signal, closings, budget }, host, lanes.enter()).then((outcome) => {
      running.delete(visiting);
      arrived.push(outcome);
      wake.resolve();
    });
    running.add(visiting);
  };
  using progress = fleet.progress?.(hosts.length);
  try {
    for (let next = 0; next < hosts.length || running.size > 0 || arrived.length > 0; ) {
      work.signal.throwIfAborted();
      for (let host = hosts[next]; host !== undefined && lanes.hasRoom; host = hosts[next]) {
        next += 1;
        begin(host);
      }
      const outcome = arrived.shift();
      if (outcome === undefined) {
        await untilAborted(wake.promise, work.signal);
        wake = Promise.withResolvers();
        continue;
      }
      progress?.over(outcome.ok);
      yield outcome;
    }
  } finally {
    stop.abort();
    const untaken = Promise.all(running).then(() => Promise.all(arrived.map(closeKept)));
    closings.add(untaken);
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

/** What all visits of a sweep have in common. */
interface Round<T> {
  readonly fleet: Fleet;
  readonly work: SweepWork<T>;
  readonly signal: AbortSignal;
  readonly closings: Closings;
  readonly budget: RetryBudget | null;
}

/** A visit's outcome, and whether it may be made again where it failed. */
interface Visited<T> {
  readonly outcome: HostOutcome<T>;
  readonly repeatable: boolean;
}

async function visit<T>(round: Round<T>, host: FleetHost, entered: Lane): Promise<HostOutcome<T>> {
  using lane = entered;
  const { fleet, signal, budget } = round;
  using deadline = startDeadline(fleet.timeout, signal, fleet, lane);
  for (let tries = 1; ; tries += 1) {
    const { outcome, repeatable } = await visitOnce(round, host, deadline);
    if (outcome.ok) {
      lane.answered();
      return outcome;
    }
    if (isStarved(outcome.error)) lane.starved();
    if (budget === null || !repeatable || deadline.signal.aborted) return outcome;
    const delay = budget.delayAfter(outcome.error, tries);
    if (delay === null) return outcome;
    await rest(delay, lane, deadline, fleet);
    // What is told is why it failed, and not that there was no time for another try.
    if (deadline.signal.aborted) return outcome;
  }
}

async function rest(delay: Milliseconds, lane: Lane, { signal }: Deadline, { timers }: Fleet): Promise<void> {
  lane.pause();
  await pause(delay, signal, timers);
  await untilAborted(lane.resume(), signal).catch(() => undefined);
}

async function visitOnce<T>(
  { fleet, work, closings }: Round<T>,
  host: FleetHost,
  deadline: Deadline,
): Promise<Visited<T>> {
  const attempt = attemptAt(fleet, host, deadline);
  let connection: HostConnection | null = null;
  try {
    connection = await connectWith(fleet, host, attempt, deadline);
    const value = await untilAborted(work.read(connection, deadline.signal), deadline.signal);
    const kept = work.keep?.(value) === true ? connection : null;
    if (kept === null) closings.add(connection[Symbol.asyncDispose]());
    return { outcome: { host, ok: true, value, connection: kept }, repeatable: false };
  } catch (thrown) {
    if (connection !== null) closings.add(connection[Symbol.asyncDispose]());
    const told = tellingOfDoctorWhereBroken(toldOf(host, deadline, fleet.timeout, thrown), host);
    const error = asUsherError(told, host);
    const maySo = connection === null || (work.repeatable === true && error.code === 'connection_lost');
    return { outcome: { host, ok: false, error }, repeatable: maySo && !attempt.risked };
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
