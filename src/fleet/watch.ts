import type { HostConnection, HostNote, HostReading } from '../hosts/driver.ts';
import { changesBetween, knownAfter, type SessionChange, type SessionsRead } from '../sessions/changes.ts';
import { type Milliseconds, milliseconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { Admission } from './admission.ts';
import { type Deadline, pause, startDeadline } from './deadline.ts';
import { connectTo, type Fleet, toldOf } from './fleet.ts';
import type { FleetHost } from './inventory.ts';
import type { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';
import { type Machine, realMachine } from './machine.ts';
import { merge } from './merge.ts';
import { isStarved, spread } from './retries.ts';

/** What is seen while watching hosts. Instants are the host's own. */
export type WatchEvent =
  | { readonly kind: 'first'; readonly host: FleetHost; readonly reading: HostReading }
  /** After every reading what is known: after an incomplete one also what it did not tell of. */
  | { readonly kind: 'known'; readonly host: FleetHost; readonly sessions: readonly Session[] }
  | {
      readonly kind: 'changes';
      readonly host: FleetHost;
      readonly at: Temporal.Instant;
      readonly changes: readonly SessionChange[];
    }
  | { readonly kind: 'notes'; readonly host: FleetHost; readonly notes: readonly HostNote[] }
  | {
      readonly kind: 'lost';
      readonly host: FleetHost;
      readonly error: UsherError;
      /** Null: it is not tried again, because that cannot help. */
      readonly retryIn: Milliseconds | null;
    }
  | { readonly kind: 'back'; readonly host: FleetHost };

/** Waits between attempts to reach a lost host again, each spread by up to half of it; the last one repeats. */
export const retryDelays: readonly Milliseconds[] = [1000, 2000, 5000, 10_000, 30_000, 60_000].map(milliseconds);

/** A connection that held for so long makes the host's next loss its first one: one that is answered and dropped does not. */
export const steadyAfter = milliseconds(60_000);

/** Failures that trying again does not mend, or that trying again makes worse. */
const lasting: readonly string[] = [
  'logon_failed',
  'no_credential',
  'credential_rested',
  'host_key_unknown',
  'host_key_changed',
  'unsupported',
  'access_denied',
  'usage',
  'bad_file',
];

/**
 * Watches the hosts until the signal aborts, or none is left that could answer. As many are connected to at once as answer well, at
 * the beginning and after all of them were lost together. Throws nothing but defects.
 */
export async function* watchHosts(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, undefined> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const { parallel: most, timers, machine = realMachine() } = fleet;
  const admission = new Admission((onRoom) => new Lanes({ most, timers, machine, onRoom }));
  yield* merge(
    hosts.map((host) => watchOne({ ...fleet, machine }, host, admission, ended)),
    () => stop.abort(),
  );
}

async function* watchOne(
  fleet: Fleet & { readonly machine: Machine },
  host: FleetHost,
  admission: Admission,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, undefined> {
  let known: SessionsRead | null = null;
  let notes = '';
  for (let failures = 0; !signal.aborted; ) {
    let stands: Milliseconds | null = null;
    try {
      for await (const reading of readingsOf(fleet, host, admission, signal)) {
        if (stands === null && failures > 0) yield { kind: 'back', host };
        stands ??= fleet.machine.now();
        if (known === null) yield { kind: 'first', host, reading };
        const changes: readonly SessionChange[] = known === null ? [] : changesBetween(known, reading);
        if (changes.length > 0) yield { kind: 'changes', host, at: reading.readAt, changes };
        known = known === null ? reading : knownAfter(known, reading);
        yield { kind: 'known', host, sessions: known.sessions };
        const told = reading.notes.map(({ code }) => code).join();
        if (told !== notes && told !== '') yield { kind: 'notes', host, notes: reading.notes };
        notes = told;
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof UsherError)) throw error;
      if (stands !== null && fleet.machine.now() - stands >= steadyAfter) failures = 0;
      const delay = lasting.includes(error.code) ? null : delayAfter(failures, fleet);
      failures += 1;
      yield { kind: 'lost', host, error, retryIn: delay };
      if (delay === null) return;
      await pause(delay, signal, fleet.timers);
    }
  }
}

/** What is lost together comes back one after the other. */
function delayAfter(failures: number, { random }: Fleet): Milliseconds | null {
  const delay = retryDelays[Math.min(failures, retryDelays.length - 1)] ?? null;
  return delay === null || random === undefined ? delay : spread(delay, random);
}

/** Connects and watches people's sessions. The connection is closed when the readings end, whoever ends them. */
async function* readingsOf(
  fleet: Fleet,
  host: FleetHost,
  admission: Admission,
  signal: AbortSignal,
): AsyncGenerator<HostReading, void, undefined> {
  using lane = await admission.enter(signal);
  using deadline = startDeadline(fleet.timeout, signal, fleet, lane);
  await using connection = await connected(fleet, host, deadline, lane);
  try {
    for await (const reading of connection.watch(deadline.signal)) {
      deadline[Symbol.dispose]();
      lane.answered();
      lane[Symbol.dispose]();
      yield { ...reading, sessions: reading.sessions.filter(({ kind }) => kind === 'user') };
    }
  } catch (error) {
    throw toldOf(host, deadline, fleet.timeout, error);
  }
}

/** Throws `UsherError`. */
async function connected(fleet: Fleet, host: FleetHost, deadline: Deadline, lane: Lane): Promise<HostConnection> {
  try {
    return await connectTo(fleet, host, deadline);
  } catch (error) {
    if (error instanceof UsherError && isStarved(error)) lane.starved();
    throw error;
  }
}
