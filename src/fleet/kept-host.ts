import type { HostConnection } from '../hosts/driver.ts';
import { milliseconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { startDeadline, untilAborted } from './deadline.ts';
import { tellingOfDoctor } from './doctor-hint.ts';
import { connectTo, type Fleet, toldOf } from './fleet.ts';
import type { FleetHost } from './inventory.ts';

/** After a connection that failed the next one is not tried for this long: the failure is told again. */
const restAfterFailure = milliseconds(1000);

/** One host, over as many connections as it takes. */
export interface KeptHost extends AsyncDisposable {
  readonly host: FleetHost;
  /**
   * Works on the host within its time-out, one work at a time. Throws `UsherError`; a connection that is lost is made anew
   * the next time.
   */
  use<T>(work: (connection: HostConnection, signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** The same for work that may take as long as it wants, beside other work; connecting may not. */
  hold<T>(work: (connection: HostConnection) => Promise<T>, signal: AbortSignal): Promise<T>;
}

const lost: readonly string[] = ['connection_lost', 'timeout', 'bad_answer'] satisfies UsherError['code'][];

/** Keeps a host, over a connection to begin with where there is one. Disposing of it closes whatever is open, for good. */
export function keepHost(fleet: Fleet, host: FleetHost, first: HostConnection | null): KeptHost {
  const closing = new AbortController();
  let current: Promise<HostConnection> | null = first === null ? null : Promise.resolve(first);
  let resting: UsherError | null = null;
  let rest: Disposable | null = null;

  // The connection is everybody's: that one caller gives up ends the waiting of that one.
  const connect = async (): Promise<HostConnection> => {
    using deadline = startDeadline(fleet.timeout, closing.signal, fleet);
    try {
      return await connectTo(fleet, host, deadline);
    } catch (error) {
      current = null;
      if (error instanceof UsherError && !closing.signal.aborted) {
        resting = error;
        rest = fleet.timers.after(restAfterFailure, () => {
          resting = null;
        });
      }
      throw error;
    }
  };
  const connected = async (signal: AbortSignal): Promise<HostConnection> => {
    if (closing.signal.aborted) throw closed(host);
    if (current === null && resting !== null) throw resting;
    current ??= connect();
    return untilAborted(current, signal);
  };
  // An aborted request ends its connection too, since its answer may still come.
  const drop = async (connection: HostConnection, error: unknown): Promise<void> => {
    if (error instanceof UsherError && !lost.includes(error.code)) return;
    if ((await current?.catch(() => null)) === connection) current = null;
    await connection[Symbol.asyncDispose]();
  };
  // A host does one thing at a time, and none of it within the time-out of another.
  const turn = turns();

  return {
    host,
    async use(work, signal) {
      using _turn = await turn();
      const connection = await connected(signal);
      using deadline = startDeadline(fleet.timeout, signal, fleet);
      try {
        return await untilAborted(work(connection, deadline.signal), deadline.signal);
      } catch (error) {
        const told = toldOf(host, deadline, fleet.timeout, error);
        await drop(connection, told);
        throw tellingOfDoctor(told, host);
      }
    },
    async hold(work, signal) {
      const connection = await connected(signal);
      try {
        return await work(connection);
      } catch (error) {
        await drop(connection, error);
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      const connecting = current;
      current = null;
      closing.abort();
      const connection = await connecting?.catch(() => null);
      rest?.[Symbol.dispose]();
      await connection?.[Symbol.asyncDispose]();
    },
  };
}

/** Gives turns, one after the other: each begins when the one before was disposed of. */
function turns(): () => Promise<Disposable> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const over = Promise.withResolvers<void>();
    const before = last;
    last = over.promise;
    await before;
    return { [Symbol.dispose]: over.resolve };
  };
}

function closed(host: FleetHost): UsherError {
  return new UsherError({ code: 'connection_lost', message: 'the host is not spoken to any more', host: host.name });
}
