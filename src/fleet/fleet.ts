import type { HostConnection, HostDriver, HostNote } from '../hosts/driver.ts';
import type { Milliseconds } from '../sessions/duration.ts';
import { type ErrorCode, UsherError, withContext } from '../sessions/errors.ts';
import type { HostUrl } from '../sessions/host.ts';
import type { SecretsOf } from './credentials.ts';
import { type Deadline, type Timers, untilAborted } from './deadline.ts';
import { tellingOfDoctor } from './doctor-hint.ts';
import { tellingHowToAccept } from './host-key-hint.ts';
import type { FleetHost } from './inventory.ts';
import type { LogonAttempt, LogonGate, LogonOutcome } from './logon-gate.ts';
import type { Machine } from './machine.ts';

/** What is needed to speak to hosts. */
export interface Fleet {
  readonly drivers: readonly HostDriver[];
  readonly secretsOf: SecretsOf;
  readonly gate: LogonGate;
  readonly timers: Timers;
  /** How long one host may take to connect and answer. */
  readonly timeout: Milliseconds;
  /** The most hosts that are spoken to at once. How many it is adapts to how they answer. */
  readonly parallel: number;
  /** A number from 0 to below 1: what is tried again is spread over time. Without it a sweep tries no host twice. */
  readonly random?: () => number;
  /** Without it the pace goes by the one that this process runs on, and hosts have no more time where it is busy. */
  readonly machine?: Machine;
  /** Hears how a sweep over so many hosts comes on. */
  readonly progress?: (hosts: number) => SweepProgress;
}

/** Who is told how a sweep comes on. It is disposed of when the sweep is over. */
export interface SweepProgress extends Disposable {
  /** One more host has answered, or failed. */
  over(isOk: boolean): void;
}

export const defaultParallel = 256;

/** The note by which a driver tells that sudo did not take the password that it was given. */
const sudoRefusedNote = 'sudo-refused';
/** The notes by which a driver tells that it is not root, which says nothing of the password. */
const withoutRootNotes: readonly string[] = ['not-root', 'processes-hidden'];

/** Failures of a logon that leave open whether the host judged the password. */
const untelling: readonly ErrorCode[] = ['connection_lost', 'timeout', 'bad_answer'];

/** Says that no driver of this version speaks to such a host. */
export function notSpoken({ scheme }: HostUrl): string {
  return `this version of Usher cannot speak to ${scheme === 'windows' ? 'Windows' : scheme} hosts yet`;
}

/** Connects to the host. Throws `UsherError` with the host in it; a secret that was refused before is not offered. */
export const connectTo = (fleet: Fleet, host: FleetHost, deadline: Deadline): Promise<HostConnection> =>
  connectWith(fleet, host, attemptAt(fleet, host, deadline), deadline);

/** One logon of the host's, through the gate. */
export const attemptAt = (fleet: Fleet, host: FleetHost, deadline: Deadline): LogonAttempt =>
  fleet.gate.attempt(host, fleet.secretsOf(host), deadline.signal, deadline.aside);

/** The same as {@link connectTo}, by an attempt that tells afterwards what was risked. */
export async function connectWith(
  fleet: Fleet,
  host: FleetHost,
  attempt: LogonAttempt,
  deadline: Deadline,
): Promise<HostConnection> {
  const driver = fleet.drivers.find(({ schemes }) => schemes.includes(host.url.scheme));
  if (driver === undefined) {
    throw new UsherError({
      code: 'unsupported',
      message: notSpoken(host.url),
      host: host.name,
    });
  }
  const connecting = driver.connect(host, attempt.credential, deadline.signal);
  try {
    const connection = await untilAborted(connecting, deadline.signal);
    attempt.settle('accepted');
    return tellingSudo(connection, attempt);
  } catch (error) {
    closeLate(connecting);
    attempt.settle(logonOutcome(error));
    attempt.settleSudo('unknown');
    const told = toldOf(host, deadline, fleet.timeout, attempt.rested ?? tellingHowToAccept(error, host));
    throw tellingOfDoctor(told, host);
  }
}

/** The failure as the user is told it: with its host, as a `timeout` where the time was over. */
export function toldOf(host: FleetHost, deadline: Deadline, timeout: Milliseconds, error: unknown): unknown {
  const isTimeout = error instanceof UsherError && error.code === 'timeout';
  if (deadline.expired && !isTimeout) {
    return new UsherError({
      code: 'timeout',
      message: `no answer within ${timeout / 1000} s`,
      host: host.name,
      hint: 'a slow host gets more time with --timeout 60s',
      cause: error instanceof UsherError ? error : undefined,
    });
  }
  return error instanceof UsherError ? withContext(error, { host: host.name }) : error;
}

/** A connection that was made after nobody waited for it any more is closed. */
export function closeLate(connecting: Promise<HostConnection>): void {
  connecting.then(
    (connection) => connection[Symbol.asyncDispose]().then(undefined, () => undefined),
    () => undefined,
  );
}

/** What a logon's failure tells of the password that it used. */
export function logonOutcome(error: unknown): LogonOutcome {
  if (!(error instanceof UsherError) || untelling.includes(error.code)) return 'unknown';
  return error.code === 'logon_failed' ? 'rejected' : 'unjudged';
}

function sudoOutcome(notes: readonly HostNote[]): LogonOutcome {
  const codes = notes.map(({ code }) => code);
  if (codes.includes(sudoRefusedNote)) return 'rejected';
  return codes.some((code) => withoutRootNotes.includes(code)) ? 'unjudged' : 'accepted';
}

/** The connection, whose first answer tells what became of sudo's password. */
function tellingSudo(connection: HostConnection, attempt: LogonAttempt): HostConnection {
  const told = <T extends { readonly notes: readonly HostNote[] }>(reading: T): T => {
    attempt.settleSudo(sudoOutcome(reading.notes));
    const { restedSudo } = attempt;
    if (restedSudo === null) return reading;
    const { message, hint } = restedSudo;
    return { ...reading, notes: [...reading.notes, { code: 'sudo-rested', message, columns: [], hint }] };
  };
  const telling = async <T extends { readonly notes: readonly HostNote[] }>(reading: Promise<T>): Promise<T> => {
    try {
      return told(await reading);
    } catch (error) {
      attempt.settleSudo('unknown');
      throw error;
    }
  };
  return {
    host: connection.host,
    list: (signal, wanted) => telling(connection.list(signal, wanted)),
    processes: (session, signal) => telling(connection.processes(session, signal)),
    async *watch(signal) {
      try {
        for await (const reading of connection.watch(signal)) yield told(reading);
      } finally {
        attempt.settleSudo('unknown');
      }
    },
    act: (target, act, signal) => connection.act(target, act, signal),
    presence: (target, signal) => connection.presence(target, signal),
    message: (target, message, watcher, signal) => connection.message(target, message, watcher, signal),
    administration: connection.administration,
    async [Symbol.asyncDispose]() {
      attempt.settleSudo('unjudged');
      await connection[Symbol.asyncDispose]();
    },
  };
}
