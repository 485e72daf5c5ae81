import type { SessionRow } from '../harness/usher.ts';
import type { World, WorldSession } from './world.ts';

/** What `usher sessions --json` is to say of a session; its key is not to be foretold. */
export type ExpectedRow = Omit<SessionRow, 'key'>;

/** Whose session somebody may look into. */
export type Sees = (session: WorldSession) => boolean;

const epoch = 116_444_736_000_000_000n;
const firstMoment = 125_911_584_000_000_000n;
const protocols = ['console', 'ica', 'rdp'];

/** Every row that a host is to have, in its order: sessions by their number, listeners. */
export function expectedRows(world: World, host: string, sees: Sees): readonly ExpectedRow[] {
  const sessions = world.sessions.toSorted((one, other) => one.id - other.id);
  return [...sessions.map((session) => rowOf(world, host, session, sees(session))), ...listenersOf(world, host)];
}

function rowOf(world: World, host: string, session: WorldSession, isSeen: boolean): ExpectedRow {
  const own = world.processes.filter((process) => process.session === session.id);
  const input = session.input_time ?? session.last_input_time;
  const hasInput = session.id !== 0 && BigInt(input) >= firstMoment;
  return {
    ...nothing,
    host,
    id: session.id,
    name: session.name,
    kind: kindOf(session),
    user: session.user || null,
    domain: session.domain || null,
    state: session.state,
    idleFor: hasInput ? Number((BigInt(world.now) - BigInt(input)) / 10_000n) / 1000 : null,
    loggedOnAt: momentOf(session.logon_time),
    connectedAt: momentOf(session.connect_time),
    disconnectedAt: session.state === 'disconnected' ? momentOf(session.disconnect_time) : null,
    lastInputAt: hasInput ? momentOf(input) : null,
    client: isSeen ? clientOf(session) : noClient,
    protocol: isSeen && session.client !== null ? (protocols[session.protocol] ?? null) : protocolOfName(session.name),
    locked: session.locked,
    memoryBytes: own.reduce((sum, process) => sum + process.working_set, 0),
    processCount: own.length,
  };
}

const noClient = { name: null, address: null, display: null };

const nothing = {
  user: null,
  domain: null,
  idleFor: null,
  loggedOnAt: null,
  connectedAt: null,
  disconnectedAt: null,
  lastInputAt: null,
  client: noClient,
  locked: null,
  memoryBytes: null,
  cpuPercent: null,
  bytesInPerSecond: null,
  bytesOutPerSecond: null,
  roundTripMs: null,
  processCount: null,
  troubles: [],
} as const;

function listenersOf(world: World, host: string): readonly ExpectedRow[] {
  return world.listeners.map(({ id, name, listening }) => ({
    ...nothing,
    host,
    id,
    name,
    kind: 'listener',
    state: listening ? 'listen' : 'down',
    protocol: protocolOfName(name),
  }));
}

function kindOf({ id, user, protocol }: WorldSession): string {
  if (id === 0) return 'services';
  return protocol === 0 && user === '' ? 'console' : 'user';
}

function clientOf({ client }: WorldSession): SessionRow['client'] {
  if (client === null) return noClient;
  const { name, address, peer, width, height, depth } = client;
  return { name, address: peer ?? address, display: `${width}x${height}x${depth}` };
}

function protocolOfName(name: string): string | null {
  const [, listener] = /^(console|rdp|ica)\b/i.exec(name) ?? [];
  return listener?.toLowerCase() ?? null;
}

function momentOf(fileTime: string): string | null {
  const ticks = BigInt(fileTime);
  if (ticks < firstMoment) return null;
  return Temporal.Instant.fromEpochMilliseconds(Number((ticks - epoch) / 10_000n)).toString();
}
