import type { Milliseconds } from '../../sessions/duration.ts';
import { UsherError, withContext } from '../../sessions/errors.ts';
import type { Host } from '../../sessions/host.ts';
import { isSameSession } from '../../sessions/identity.ts';
import type { HostAct } from '../act.ts';
import type { HostConnection, HostReading, ListWanted } from '../driver.ts';
import { whyMayBeThere } from './absence.ts';
import { actOn } from './act.ts';
import { administrationOf } from './administration.ts';
import type { Asked } from './bell.ts';
import type { HostFacts, SomeFacts } from './facts.ts';
import { MessageBoxes } from './messages.ts';
import { presenceOf } from './presence.ts';
import { processReadingOf } from './processes.ts';
import { type Baseline, baselineOf } from './rates.ts';
import type { HostPipes } from './host-pipes.ts';
import type { HostReader } from './reader.ts';
import type { OpenPipe } from './rpc-pipe.ts';
import { isWindows } from './same-session.ts';
import { readingOf } from './sessions.ts';
import type { SmbClient } from './smb-client.ts';
import { SeenTraces, tracesOf } from './traces.ts';
import { withSome } from './some-sessions.ts';
import { readingsOf } from './watch.ts';
import { WatchLoad } from './watch-load.ts';

export interface Kept {
  readonly host: Host;
  readonly smb: SmbClient;
  readonly pipes: HostPipes;
  readonly open: OpenPipe;
  readonly reader: HostReader;
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
  /** Of all hosts of the process; without it this host is the only one. */
  readonly load?: WatchLoad;
}

/** A connection that is logged on, as the driver's port. */
export function kept({ host, smb, pipes, open, reader, after, load = new WatchLoad() }: Kept): HostConnection {
  let before: Baseline | null = null;
  const seen = new SeenTraces();
  const boxes = new MessageBoxes({ pipes, reader, open, after });
  const read = async (
    operation: string,
    signal: AbortSignal,
    wanted?: ListWanted,
  ): Promise<{ facts: HostFacts; reading: HostReading }> => {
    const facts = await inTime(host, smb, operation, signal, () => reader.read(wanted));
    const reading = readingOf(host.name, facts, before);
    before = baselineOf(facts);
    return { facts, reading };
  };
  const mayBeThere = (id: number, operation: string, signal: AbortSignal): Promise<string | null> =>
    inTime(host, smb, operation, signal, () => whyMayBeThere(pipes.lsm, id));
  return {
    host,
    async list(signal, wanted) {
      return (await read('listing sessions', signal, wanted)).reading;
    },
    async processes(identity, signal) {
      const { facts, reading } = await read('listing processes', signal);
      const gap =
        facts.processes === null ? facts.gaps.find(({ columns }) => columns.includes('memoryBytes')) : undefined;
      if (gap !== undefined) throw withContext(gap.error, { host: host.name, operation: 'listing processes' });
      const session = reading.sessions.find((candidate) => isSameSession(candidate.identity, identity));
      if (session === undefined) {
        if (!isWindows(identity) || facts.sessions.some(({ id }) => id === identity.sessionId)) throw changed(host);
        const why = await mayBeThere(identity.sessionId, 'listing processes', signal);
        throw why === null ? changed(host) : hidden(host, why);
      }
      seen.note(identity, tracesOf(facts.processes ?? [], session.id));
      return processReadingOf(facts, session.id);
    },
    watch(signal) {
      const operation = 'watching sessions';
      const all = async (deadline: AbortSignal) => (await read(operation, deadline)).reading;
      const some = (asked: readonly number[], deadline: AbortSignal) =>
        inTime(host, smb, operation, deadline, () => reader.readSome(asked));
      return readingsOf({ read: watched({ all, some, before: () => before }), open, after, load }, signal);
    },
    async act(target, act, signal) {
      const meant: HostAct = act.act === 'connect' ? { ...act, to: seen.told(act.to) } : act;
      return await inTime(host, smb, act.act, signal, () => actOn({ pipes, reader }, seen.told(target), meant));
    },
    async presence(target, signal) {
      if (target.identity.kind === 'xrdp') throw changed(host);
      const told = await read('reading again', signal);
      const presence = presenceOf(seen.told(target), target.identity, told);
      if (presence.kind === 'there') seen.note(target.identity, presence.traces);
      const isListed = told.facts.sessions.some(({ id }) => id === target.id);
      if (presence.kind !== 'gone' || isListed) return presence;
      const why = await mayBeThere(target.id, 'reading again', signal);
      return why === null ? presence : { kind: 'unknown', readAt: presence.readAt, why };
    },
    async message(target, message, watcher, signal) {
      try {
        return await boxes.show(seen.told(target), message, watcher, signal);
      } catch (error) {
        const context = { host: host.name, operation: 'showing a message' };
        throw error instanceof UsherError ? withContext(error, context) : error;
      }
    },
    administration: administrationOf({ host, smb, pipes, open, reader, after }, (...work) =>
      inTime(host, smb, ...work),
    ),
    [Symbol.asyncDispose]: () => smb[Symbol.asyncDispose](),
  };
}

interface WatchedHost {
  readonly all: (signal: AbortSignal) => Promise<HostReading>;
  readonly some: (asked: readonly number[], signal: AbortSignal) => Promise<SomeFacts | null>;
  /** What was kept of the last reading of all. */
  readonly before: () => Baseline | null;
}

/** Readings of which each may be one of some sessions, on top of the one before. */
function watched({ all, some, before }: WatchedHost) {
  let last: HostReading | null = null;
  return async (asked: Asked, signal: AbortSignal): Promise<HostReading> => {
    const told = asked === 'all' || last === null ? null : await some(asked, signal);
    last = told === null || last === null ? await all(signal) : withSome(last, told, before());
    return last;
  };
}

/** An abort ends the connection: what the host answers later could be taken for the answer to something else. */
async function inTime<T>(
  host: Host,
  smb: SmbClient,
  operation: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const abort = (): void => smb.end(late());
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await work();
  } catch (error) {
    throw error instanceof UsherError ? withContext(error, { host: host.name, operation }) : error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const late = (): UsherError => new UsherError({ code: 'timeout', message: 'the host did not answer in time' });

const hidden = ({ name }: Host, message: string): UsherError =>
  new UsherError({ code: 'access_denied', host: name, operation: 'listing processes', message });

function changed(host: Host): UsherError {
  return new UsherError({
    code: 'session_changed',
    host: host.name,
    message: 'this session is no longer there',
    hint: 'list the sessions again',
  });
}
